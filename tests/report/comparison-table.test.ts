import { expect, test } from "vitest";
import { compareWithBaseline, comparisonTable } from "../../src/report/comparison-table.js";
import { meanDifference, meanRatio } from "../../src/report/paired.js";
import { resultRow } from "./result-rows.js";

const seeds = [1, 2, 3];
const vanilla = seeds.map((seed) =>
  resultRow({ seed, nfe: 60 + 6 * seed, nfeProbe: 60 + seed, testAccuracy: 0.92 }),
);
const ernode = seeds.map((seed) =>
  resultRow({ method: "ernode", weight: 1, seed, nfe: 27, nfeProbe: 30, testAccuracy: 0.92 + 0.001 * seed }),
);

test("runs are paired by seed, and what has no partner is left out", () => {
  const alone = resultRow({ method: "ernode", weight: 1, seed: 99, nfe: 1, nfeProbe: 1, testAccuracy: 0 });
  const [{ arms }] = compareWithBaseline([...ernode, alone, ...[...vanilla].reverse()]);
  const pairs = (measure: (row: (typeof vanilla)[0]) => number) =>
    seeds.map((_, i) => ({ baseline: measure(vanilla[i]), treatment: measure(ernode[i]) }));
  expect(arms).toEqual([
    {
      method: "ernode",
      weight: 1,
      pairs: 3,
      estimates: {
        testAccuracy: meanDifference(pairs((row) => 100 * row.testAccuracy)),
        nfe: meanRatio(pairs((row) => row.nfe)),
        nfeProbe: meanRatio(pairs((row) => row.nfeProbe)),
      },
    },
  ]);
});

test("nothing is compared across configurations", () => {
  const elsewhere = vanilla.map((row) => ({ ...row, rtol: 1e-6 }));
  expect(compareWithBaseline([...ernode, ...elsewhere])).toEqual([]);
  expect(compareWithBaseline(vanilla)).toEqual([]);
});

test("the table shows ratio and difference with their intervals side by side", () => {
  const linear = seeds.map((seed) =>
    resultRow({ method: "linear", seed, nfe: 0, nfeProbe: 0, testAccuracy: 0.9 }),
  );
  const [{ title, rows }] = comparisonTable([...linear, ...vanilla, ...ernode]);
  expect(title).toMatch(/ · against vanilla$/);
  expect(rows).toEqual([
    ["linear", "0", "3", "−2.00 [−2.00, −2.00]", "–", "–"],
    ["ernode", "1", "3", "+0.20 [−0.05, +0.45]", "0.376 [0.305, 0.463]", "0.484 [0.465, 0.504]"],
  ]);
});

test("a single pair shows its value without an interval", () => {
  const [{ rows }] = comparisonTable([vanilla[0], ernode[0]]);
  expect(rows).toEqual([["ernode", "1", "1", "+0.10", "0.409", "0.492"]]);
});
