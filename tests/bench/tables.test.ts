import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Row } from "../../bench/comparison.js";
import { comparisonTables, ratioDigits } from "../../bench/comparison-tables.js";
import { regularizerTables } from "../../bench/regularizer-tables.js";
import type { RegularizerRow } from "../../bench/regularizers.js";
import { startTable } from "../../bench/start-table.js";
import { markdownTable } from "../../bench/table.js";
import { beginOf, END, withSection } from "../../bench/written-section.js";

const start = { ours: { seconds: 0.1, megabytes: 100 }, theirs: { seconds: 3, megabytes: 400 } };
const targets = ["wasm", "onnx", "javascript"];
const peers = ["diffrax 0.7.2", "torchdiffeq 0.2.5", "sgemm of torch 2.13.0"];
const time = fc.double({ min: 1e-4, max: 1e5, noNaN: true });

/** Rows of one problem: each target against each peer, a ratio that tells them apart. */
const rowsOf = fc
  .record({ problem: fc.constantFrom("mnist", "physionet", "spiral", "lorenz"), ours: time, theirs: time })
  .map(({ problem, ours, theirs }) =>
    (["forward", "gradient"] as const).flatMap((work, i) =>
      targets.flatMap((target, j) =>
        peers.map((peer, k): Row => {
          const ratio = 11 + i + 10 * j + 100 * k;
          const common = { problem, work, peer, target, node: "20.20.2", nfe: 19, peerNfe: 19, start };
          return { ...common, ratio, interval: [ratio, ratio], ours, theirs, oursPerStep: ours / 3 };
        }),
      ),
    ),
  );

describe("the tables", () => {
  test("show every ratio in the line of its work and target, in the column of its peer", () => {
    fc.assert(
      fc.property(rowsOf, fc.boolean(), (rows, withGoals) => {
        const lines = comparisonTables(rows, withGoals).split("\n");
        const table = lines.filter((line) => line.startsWith("|")).map((line) => line.split("|"));
        expect(new Set(table.map((cells) => cells.length)).size).toBe(1);
        const column = (peer: string) => table[0].findIndex((cell) => cell.trim() === peer);
        for (const { work, target, peer, ratio } of rows) {
          const line = table.find(
            (cells) => cells[1].trim() === work && cells[2].trim() === `${target}, Node 20`,
          );
          expect(line?.[column(peer)].trim()).toBe(`**${ratio}** (${ratio} to ${ratio})`);
        }
      }),
    );
  });

  test("of regularizers show each method's cost, which is the inverse of its ratio", () => {
    const methods = ["steer", "ernode", "l2"];
    const ratio = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 6, maxLength: 6 }), time, (ratios, theirs) => {
        const rows = (["forward", "gradient"] as const).flatMap((work, i) =>
          methods.map((method, j): RegularizerRow => {
            const found = ratios[3 * i + j];
            const ran = { problem: "mnist", work, peer: "vanilla", target: "wasm", node: "20.20.2", nfe: 20 };
            const measured = { peerNfe: 20, ours: theirs / found, theirs, oursPerStep: 1, start };
            return { ...ran, ...measured, method, ratio: found, interval: [found, found] };
          }),
        );
        const lines = regularizerTables(rows)
          .split("\n")
          .filter((line) => line.startsWith("|"));
        expect(lines).toHaveLength(2 + 1 + methods.length);
        for (const { method, work, ratio: found } of rows) {
          const cells = lines.find((line) => line.startsWith(`| ${method} `))?.split("|") ?? [];
          const cost = ratioDigits(1 / found);
          expect(cells[work === "forward" ? 4 : 6].trim()).toBe(`**${cost}** (${cost} to ${cost})`);
        }
      }),
    );
  });

  test("are aligned: every line of a table is equally long", () => {
    const word = fc.stringMatching(/^[a-z ]{0,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 6 }), (lines) => {
        const lengths = markdownTable(lines)
          .split("\n")
          .map((line) => line.length);
        expect(new Set(lengths).size).toBe(1);
      }),
    );
  });

  test("of the way to the first gradient have a line for each engine, but none for the limit", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const names = startTable(rows)
          .split("\n")
          .slice(2)
          .map((line) => line.split("|")[1].trim());
        const engines = [...targets.map((target) => `${target}, Node 20`), ...peers.slice(0, 2)];
        expect([...names].sort()).toEqual([...engines].sort());
      }),
    );
  });
});

describe("the written section of a document", () => {
  const prose = fc.string().filter((text) => !text.includes("<!--"));

  test("is replaced, and nothing else", () => {
    fc.assert(
      fc.property(prose, prose, prose, prose, (before, old, after, text) => {
        const others = `${beginOf("other")}${old}${END}`;
        const begin = beginOf("report");
        const document = `${others}${before}${begin}${old}${END}${after}${others}`;
        const written = withSection(document, "report", text);
        expect(written).toBe(`${others}${before}${begin}\n\n${text}\n\n${END}${after}${others}`);
        expect(withSection(written, "report", text)).toBe(written);
      }),
    );
  });

  test("must be there", () => {
    expect(() => withSection(`${END} ${beginOf("report")}`, "report", "text")).toThrow(/lacks the lines/);
  });
});
