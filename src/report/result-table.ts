import { type Arm, type ConfiguredRow, comparisons } from "./comparison.js";
import { formatNumber } from "./number-format.js";
import { meanOf, standardDeviation } from "./paired.js";
import type { FormattedColumn, FormattedTable } from "./table.js";

/** What a table of results needs of a row. */
export interface MeasuredRow extends ConfiguredRow {
  /** Share of the training samples classified rightly, 0 to 1. */
  readonly trainAccuracy: number;
  /** Share of the test samples classified rightly, 0 to 1. */
  readonly testAccuracy: number;
  /** Function evaluations of the training solver on the fixed first batch; 0 without a solver. */
  readonly nfe: number;
  /** Function evaluations of the probe that all rows share; 0 without a solver. */
  readonly nfeProbe: number;
  readonly timing: { readonly seconds: number };
}

const columns: readonly FormattedColumn[] = [
  { name: "method", align: "left" },
  { name: "weight", align: "right" },
  { name: "seeds", align: "right" },
  { name: "test accuracy %", align: "right" },
  { name: "train accuracy %", align: "right" },
  { name: "NFE", align: "right" },
  { name: "NFE (probe)", align: "right" },
  { name: "seconds", align: "right" },
];

/**
 * Rows of results as tables of means over seeds: one table for each configuration, one line for each method and
 * weight.
 *
 * @throws {Error} If two rows agree in configuration and seed.
 */
export function resultTable(rows: readonly MeasuredRow[]): FormattedTable[] {
  return comparisons(rows).map(({ title, arms }) => ({
    title,
    columns,
    rows: arms.map(line),
    note: "mean ± standard deviation over seeds; a single seed has no spread",
  }));
}

function line({ method, weight, rows }: Arm<MeasuredRow>): string[] {
  const spread = (value: (row: MeasuredRow) => number, decimals: number) =>
    meanAndSpread(rows.map(value), decimals);
  return [
    method,
    formatNumber(weight),
    String(rows.length),
    spread((row) => 100 * row.testAccuracy, 2),
    spread((row) => 100 * row.trainAccuracy, 2),
    rows.some((row) => row.nfe > 0) ? spread((row) => row.nfe, 1) : "–",
    rows.some((row) => row.nfeProbe > 0) ? spread((row) => row.nfeProbe, 1) : "–",
    spread((row) => row.timing.seconds, 1),
  ];
}

/** Mean over seeds, with the sample standard deviation where there are at least two. */
function meanAndSpread(values: readonly number[], decimals: number): string {
  const mean = meanOf(values).toFixed(decimals);
  return values.length < 2 ? mean : `${mean} ± ${standardDeviation(values).toFixed(decimals)}`;
}
