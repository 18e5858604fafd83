import type { Measure } from "../experiments/experiment.js";
import { type ExperimentName, experiments } from "../experiments/experiments.js";
import type { PublishedTable, PublishedValue } from "../experiments/published-table.js";
import { type Arm, type Comparison, compareMethods, comparisons } from "./comparison.js";
import { isMeasured, measured, measuresOf, measureText } from "./measures.js";
import { formatNumber } from "./number-format.js";
import { meanOf } from "./paired.js";
import { type MeasuredRow, spreadText } from "./result-table.js";
import type { FormattedTable } from "./table.js";

const none = "–";

/**
 * A paper's numbers beside ours, one table for each configuration and paper: every method that the paper has, and as counts
 * depend on solver and precision, both as parts of the same side's vanilla.
 */
export function publishedComparison(rows: readonly MeasuredRow[]): FormattedTable[] {
  return comparisons(rows).flatMap((comparison) => {
    const { experiment, preset } = comparison.arms[0].rows[0];
    const { published } = experiments[experiment as ExperimentName];
    return published
      .filter(({ presets }) => presets.includes(preset))
      .map((paper) => tableOf(comparison, paper, printedMeasures(experiment, paper)));
  });
}

function printedMeasures(experiment: string, { results }: PublishedTable): readonly Measure[] {
  return measuresOf(experiment).filter(({ field }) =>
    Object.values(results).some((result) => field in result),
  );
}

function tableOf(
  { title, arms }: Comparison<MeasuredRow>,
  paper: PublishedTable,
  measures: readonly Measure[],
): FormattedTable {
  const methods = Object.keys(paper.results).sort(compareMethods);
  const columns = measures.flatMap(({ title, comparison }) => [
    title,
    "paper",
    ...(comparison === "ratio" ? ["of vanilla", "paper"] : []),
  ]);
  return {
    title: `${title} · beside ${paper.source}`,
    columns: [
      { name: "method", align: "left" },
      ...["weight", "seeds", ...columns].map((name) => ({ name, align: "right" as const })),
    ],
    rows: methods.flatMap((method) => {
      const ours = arms.filter((arm) => arm.method === method);
      const cells = (arm: Arm<MeasuredRow> | undefined) =>
        measures.flatMap((measure) => measureCells(measure, method, arm, arms, paper));
      if (ours.length === 0) return [[method, none, "0", ...cells(undefined)]];
      return ours.map((arm) => [method, formatNumber(arm.weight), String(arm.rows.length), ...cells(arm)]);
    }),
    note: `the paper: ${paper.setting}`,
  };
}

function measureCells(
  measure: Measure,
  method: string,
  arm: Arm<MeasuredRow> | undefined,
  arms: readonly Arm<MeasuredRow>[],
  { results }: PublishedTable,
): string[] {
  const ours = valuesOf(measure, arm);
  const theirs = results[method][measure.field];
  const cells = [
    ours.length === 0 ? none : spreadText(ours, (value) => measureText(measure, value)),
    printedText(measure, theirs),
  ];
  if (measure.comparison !== "ratio") return cells;
  const ourBase = valuesOf(
    measure,
    arms.find((each) => each.method === "vanilla"),
  );
  const theirBase = results.vanilla?.[measure.field];
  return [
    ...cells,
    ours.length === 0 || ourBase.length === 0 ? none : (meanOf(ours) / meanOf(ourBase)).toFixed(2),
    theirs && theirBase ? (theirs.mean / theirBase.mean).toFixed(2) : none,
  ];
}

function valuesOf(measure: Measure, arm: Arm<MeasuredRow> | undefined): number[] {
  const rows = arm?.rows.filter((row) => isMeasured(measure, row)) ?? [];
  return rows.map((row) => measured(measure, row));
}

function printedText(measure: Measure, value: PublishedValue | undefined): string {
  if (!value) return none;
  const mean = measureText(measure, value.mean);
  return value.spread === undefined ? mean : `${mean} ± ${measureText(measure, value.spread)}`;
}
