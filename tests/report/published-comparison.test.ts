import { expect, test } from "vitest";
import { experiments } from "../../src/experiments/experiments.js";
import { readRows } from "../../src/experiments/result-files.js";
import { comparisons } from "../../src/report/comparison.js";
import { publishedComparison } from "../../src/report/published-comparison.js";
import { resultTable } from "../../src/report/result-table.js";
import { resultRow } from "./result-rows.js";

const full = (fields: Parameters<typeof resultRow>[0]) => resultRow({ preset: "full", ...fields });

test("ours stand beside the paper's, both against the vanilla of their own side", () => {
  const rows = [
    full({ seed: 1, nfe: 100, testAccuracy: 0.97 }),
    full({ seed: 2, nfe: 120, testAccuracy: 0.96 }),
    full({ seed: 1, nfe: 33, method: "ernode", weight: 1, testAccuracy: 0.955 }),
  ];
  const [{ columns, rows: lines, note }] = publishedComparison(rows);
  const cell = (method: string, place: number) => lines.find(([name]) => name === method)?.[place];
  const places = columns.map(({ name }, place) => ({ name, place }));
  const nfe = places.find(({ name }) => name === "NFE")?.place as number;
  expect(lines.find(([name]) => name === "vanilla")?.slice(nfe)).toEqual([
    "110.0 ± 14.1",
    "253.0 ± 3.5",
    "1.00",
    "1.00",
  ]);
  expect(lines.find(([name]) => name === "ernode")?.slice(nfe)).toEqual([
    "33.0",
    "177.0 ± 0.0",
    "0.30",
    "0.70",
  ]);
  expect([cell("taynode", 2), cell("taynode", nfe), cell("taynode", nfe + 1)]).toEqual([
    "0",
    "–",
    "80.3 ± 0.4",
  ]);
  expect(note).toContain("75 epochs, 3 seeds");
});

test("small presets are not put beside a paper", () => {
  expect(publishedComparison([resultRow({ preset: "quick" })])).toEqual([]);
});

test("every published method and field is one of its experiment", () => {
  for (const { published, methods, measures, presets } of Object.values(experiments)) {
    for (const table of published) {
      expect(methods).toEqual(expect.arrayContaining(Object.keys(table.results)));
      expect(presets).toEqual(expect.arrayContaining([...table.presets]));
      const fields = Object.values(table.results).flatMap((result) => Object.keys(result));
      expect(measures.map(({ field }) => field)).toEqual(expect.arrayContaining(fields));
    }
  }
});

test("the tables of the rows that come with glassbox are those rows' means, and each row is in one table", async () => {
  const rows = await readRows("mnist-ode");
  const arms = comparisons(rows).map(({ arms: of }) => of);
  resultTable(rows).forEach(({ rows: lines }, i) => {
    lines.forEach((line, j) => {
      const { method, rows: seeds } = arms[i][j];
      const mean = seeds.reduce((sum, row) => sum + row.testAccuracy, 0) / seeds.length;
      expect([line[0], line[2]]).toEqual([method, String(seeds.length)]);
      expect(Number.parseFloat(line[3])).toBeAllclose(100 * mean, { absolute: 0.0051 });
    });
  });
  expect(arms.flat().reduce((sum, arm) => sum + arm.rows.length, 0)).toBe(rows.length);
});
