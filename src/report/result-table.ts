import { type Arm, type ConfiguredRow, comparisons } from "./comparison.js";
import { isMeasured, measured, measuresOf, measureText } from "./measures.js";
import { formatNumber } from "./number-format.js";
import { meanOf, standardDeviation } from "./paired.js";
import type { FormattedTable } from "./table.js";

/** What a table of results needs of a row, besides what its experiment measures. */
export interface MeasuredRow extends ConfiguredRow {
  readonly timing: { readonly seconds: number };
}

/**
 * Rows of results as tables of means over seeds: one table for each configuration, one line for each method and
 * weight, one column for each measure of the experiment.
 *
 * @throws {Error} If two rows agree in configuration and seed.
 */
export function resultTable(rows: readonly MeasuredRow[]): FormattedTable[] {
  return comparisons(rows).map(({ title, arms }) => {
    const { experiment } = arms[0].rows[0];
    return {
      title,
      columns: [
        { name: "method", align: "left" },
        ...["weight", "seeds", ...measuresOf(experiment).map((measure) => measure.title), "seconds"].map(
          (name) => ({ name, align: "right" as const }),
        ),
      ],
      rows: arms.map((arm) => [
        arm.method,
        formatNumber(arm.weight),
        String(arm.rows.length),
        ...measureCells(experiment, arm),
        spreadText(
          arm.rows.map(({ timing }) => timing.seconds),
          (seconds) => seconds.toFixed(1),
        ),
      ]),
      note: "mean ± standard deviation over seeds; a single seed has no spread",
    };
  });
}

function measureCells(experiment: string, { rows }: Arm<MeasuredRow>): string[] {
  return measuresOf(experiment).map((measure) => {
    if (!rows.some((row) => isMeasured(measure, row))) return "–";
    return spreadText(
      rows.map((row) => measured(measure, row)),
      (value) => measureText(measure, value),
    );
  });
}

/** Mean over seeds, with the sample standard deviation where there are at least two. */
export function spreadText(values: readonly number[], format: (value: number) => string): string {
  const mean = format(meanOf(values));
  return values.length < 2 ? mean : `${mean} ± ${format(standardDeviation(values))}`;
}
