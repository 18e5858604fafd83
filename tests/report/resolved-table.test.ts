import { expect, test } from "vitest";
import type { Resolved } from "../../src/experiments/result-row.js";
import { resolvedTable } from "../../src/report/resolved-table.js";
import { resultRow } from "./result-rows.js";

const solvedAgain = (loose: number, tight: number): Resolved[] => [
  { precision: "float32", tolerance: 1e-5, nfe: loose },
  { precision: "float32", tolerance: 1.4e-8, nfe: tight },
];

test("each setting is a column of means over seeds", () => {
  const [{ columns, rows }] = resolvedTable([
    resultRow({ seed: 1, resolved: solvedAgain(33, 81) }),
    resultRow({ seed: 2, resolved: solvedAgain(27, 87) }),
    resultRow({ method: "ernode", weight: 1, resolved: solvedAgain(21, 75).slice(0, 1) }),
  ]);
  expect(columns.map(({ name }) => name)).toEqual([
    "method",
    "weight",
    "seeds",
    "float32 at 1e-5",
    "float32 at 1.4e-8",
  ]);
  expect(rows).toEqual([
    ["vanilla", "0", "2", "30.0", "84.0"],
    ["ernode", "1", "1", "21.0", "–"],
  ]);
});

test("rows that were not solved again make no table", () => {
  expect(resolvedTable([resultRow({ method: "linear" })])).toEqual([]);
});
