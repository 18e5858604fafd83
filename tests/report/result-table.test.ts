import { expect, test } from "vitest";
import { resultTable } from "../../src/report/result-table.js";
import { tablesText } from "../../src/report/table.js";
import { resultRow } from "./result-rows.js";

test("a line states mean, spread and number of seeds", () => {
  const rows = [0.91, 0.92, 0.96].map((testAccuracy, i) =>
    resultRow({ seed: i + 1, testAccuracy, nfe: 63 + 6 * i, nfeProbe: 60 }),
  );
  // Deviations of -2, -1 and 3 points from the mean 93: the sum of squares is 14, over 2 is 7.
  expect(resultTable(rows)[0].rows).toEqual([
    ["vanilla", "0", "3", "93.00 ± 2.65", "97.00 ± 0.00", "69.0 ± 6.0", "60.0 ± 0.0", "30.0 ± 0.0"],
  ]);
});

test("a single seed has no spread, and a method without solver no evaluations", () => {
  const [{ rows }] = resultTable([resultRow({ method: "linear", nfe: 0, nfeProbe: 0 })]);
  expect(rows).toEqual([["linear", "0", "1", "92.00", "97.00", "–", "–", "30.0"]]);
});

test("configurations have tables of their own, under titles that tell them apart", () => {
  const tables = resultTable([
    resultRow(),
    resultRow({ preset: "full" }),
    resultRow({ precision: "float32" }),
  ]);
  expect(tables.map(({ title }) => title)).toEqual([
    "mnist-ode · quick · 3 epochs · float64 · I controller · tolerance 1e-8 · onnx",
    "mnist-ode · full · 3 epochs · float64 · I controller · tolerance 1e-8 · onnx",
    "mnist-ode · quick · 3 epochs · float32 · I controller · tolerance 1e-8 · onnx",
  ]);
});

test("fits a terminal of 120 columns", () => {
  const rows = [1, 2].map((seed) => resultRow({ seed, timing: { seconds: 1234.5 * seed } }));
  for (const line of tablesText(resultTable(rows)).split("\n")) expect(line.length).toBeLessThanOrEqual(120);
});
