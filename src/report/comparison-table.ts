import type { Measure } from "../experiments/experiment.js";
import { type Arm, comparisons } from "./comparison.js";
import { isMeasured, measured, measuresOf } from "./measures.js";
import { formatNumber } from "./number-format.js";
import { meanDifference, meanRatio, type Pair, type PairedEstimate } from "./paired.js";
import type { MeasuredRow } from "./result-table.js";
import type { FormattedTable } from "./table.js";

/** One arm against the baseline, over the seeds that both have. */
export interface ArmAgainstBaseline {
  readonly method: string;
  readonly weight: number;
  readonly pairs: number;
  /**
   * For each compared measure of the experiment by its field: the ratio of counts, or the difference in the unit of the
   * measure's title (percentage points); absent where one side has nothing to count.
   */
  readonly estimates: Readonly<Record<string, PairedEstimate>>;
}

/** All arms of one comparison against its baseline. */
export interface BaselineComparison {
  /** The configuration that all rows share, in words. */
  readonly title: string;
  readonly experiment: string;
  readonly arms: readonly ArmAgainstBaseline[];
}

/**
 * Compares each method with a baseline, seed by seed, within each configuration.
 *
 * Configurations without the baseline, and arms that share no seed with it, are left out.
 *
 * @throws {Error} If two rows agree in configuration and seed.
 */
export function compareWithBaseline(
  rows: readonly MeasuredRow[],
  baseline = "vanilla",
): BaselineComparison[] {
  return comparisons(rows).flatMap(({ title, arms }) => {
    const base = arms.find((arm) => arm.method === baseline);
    if (!base) return [];
    const { experiment } = base.rows[0];
    const compared = comparedMeasures(experiment);
    const others = arms
      .filter((arm) => arm !== base)
      .flatMap((arm) => againstBaseline(base, arm, compared) ?? []);
    return others.length === 0 ? [] : [{ title, experiment, arms: others }];
  });
}

function comparedMeasures(experiment: string): readonly Measure[] {
  return measuresOf(experiment).filter(({ comparison }) => comparison !== undefined);
}

function againstBaseline(
  base: Arm<MeasuredRow>,
  { method, weight, rows }: Arm<MeasuredRow>,
  measures: readonly Measure[],
): ArmAgainstBaseline | undefined {
  const partners = rows.flatMap((row) => {
    const partner = base.rows.find(({ seed }) => seed === row.seed);
    return partner ? [{ partner, row }] : [];
  });
  if (partners.length === 0) return undefined;
  const estimates = measures.flatMap((measure) => {
    if (!partners.every(({ partner, row }) => isMeasured(measure, partner) && isMeasured(measure, row)))
      return [];
    const pairs = partners.map(
      ({ partner, row }): Pair => ({
        baseline: measured(measure, partner),
        treatment: measured(measure, row),
      }),
    );
    return [[measure.field, measure.comparison === "ratio" ? meanRatio(pairs) : meanDifference(pairs)]];
  });
  return { method, weight, pairs: partners.length, estimates: Object.fromEntries(estimates) };
}

/** Each method against a baseline as tables, one for each configuration, with 95 % intervals. */
export function comparisonTable(rows: readonly MeasuredRow[], baseline = "vanilla"): FormattedTable[] {
  return compareWithBaseline(rows, baseline).map(({ title, experiment, arms }) => {
    const measures = comparedMeasures(experiment);
    const heading = ({ title, comparison }: Measure) =>
      comparison === "ratio" ? `${title}, ratio` : `${title}, difference`;
    return {
      title: `${title} · against ${baseline}`,
      columns: [
        { name: "method", align: "left" },
        ...["weight", "pairs", ...measures.map(heading)].map((name) => ({ name, align: "right" as const })),
      ],
      rows: arms.map((arm) => [
        arm.method,
        formatNumber(arm.weight),
        String(arm.pairs),
        ...measures.map((measure) => formatEstimate(measure, arm.estimates[measure.field])),
      ]),
      note: "pairs share a seed · ratios: geometric mean · [95 % t-interval], none for a single pair",
    };
  });
}

function formatEstimate(measure: Measure, estimate: PairedEstimate | undefined): string {
  if (!estimate) return "–";
  const format = measure.comparison === "ratio" ? (ratio: number) => ratio.toFixed(3) : signed;
  const { mean, interval } = estimate;
  return interval ? `${format(mean)} [${format(interval.low)}, ${format(interval.high)}]` : format(mean);
}

function signed(difference: number): string {
  return `${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(2)}`;
}
