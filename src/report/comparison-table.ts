import { type Arm, comparisons } from "./comparison.js";
import { formatNumber } from "./number-format.js";
import { meanDifference, meanRatio, type Pair, type PairedEstimate } from "./paired.js";
import type { MeasuredRow } from "./result-table.js";
import type { FormattedColumn, FormattedTable } from "./table.js";

/** One arm against the baseline, over the seeds that both have. */
export interface ArmAgainstBaseline {
  readonly method: string;
  readonly weight: number;
  readonly pairs: number;
  /** Ratio of the probe's function evaluations; absent where one side has no solver. */
  readonly nfeProbeRatio?: PairedEstimate;
  /** Ratio of the training solver's function evaluations; absent where one side has no solver. */
  readonly nfeRatio?: PairedEstimate;
  /** Difference of test accuracy in percentage points. */
  readonly accuracyDifference: PairedEstimate;
}

/** All arms of one comparison against its baseline. */
export interface BaselineComparison {
  /** The configuration that all rows share, in words. */
  readonly title: string;
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
    const others = arms.filter((arm) => arm !== base).flatMap((arm) => againstBaseline(base, arm) ?? []);
    return others.length === 0 ? [] : [{ title, arms: others }];
  });
}

function againstBaseline(base: Arm<MeasuredRow>, arm: Arm<MeasuredRow>): ArmAgainstBaseline | undefined {
  const pairsOf = (measure: (row: MeasuredRow) => number): Pair[] =>
    arm.rows.flatMap((row) => {
      const partner = base.rows.find(({ seed }) => seed === row.seed);
      return partner ? [{ baseline: measure(partner), treatment: measure(row) }] : [];
    });
  const accuracies = pairsOf((row) => 100 * row.testAccuracy);
  if (accuracies.length === 0) return undefined;
  return {
    method: arm.method,
    weight: arm.weight,
    pairs: accuracies.length,
    nfeProbeRatio: ratioIfSolved(pairsOf((row) => row.nfeProbe)),
    nfeRatio: ratioIfSolved(pairsOf((row) => row.nfe)),
    accuracyDifference: meanDifference(accuracies),
  };
}

function ratioIfSolved(pairs: readonly Pair[]): PairedEstimate | undefined {
  return pairs.every((pair) => pair.baseline > 0 && pair.treatment > 0) ? meanRatio(pairs) : undefined;
}

const columns: readonly FormattedColumn[] = [
  { name: "method", align: "left" },
  { name: "weight", align: "right" },
  { name: "pairs", align: "right" },
  { name: "NFE ratio (probe)", align: "right" },
  { name: "NFE ratio", align: "right" },
  { name: "test accuracy difference", align: "right" },
];

/** Each method against a baseline as tables, one for each configuration, with 95 % intervals. */
export function comparisonTable(rows: readonly MeasuredRow[], baseline = "vanilla"): FormattedTable[] {
  return compareWithBaseline(rows, baseline).map(({ title, arms }) => ({
    title: `${title} · against ${baseline}`,
    columns,
    rows: arms.map((arm) => [
      arm.method,
      formatNumber(arm.weight),
      String(arm.pairs),
      formatEstimate(arm.nfeProbeRatio, (ratio) => ratio.toFixed(3)),
      formatEstimate(arm.nfeRatio, (ratio) => ratio.toFixed(3)),
      formatEstimate(arm.accuracyDifference, signedPoints),
    ]),
    note:
      "pairs share a seed · NFE ratios: geometric mean · accuracy: percentage points · " +
      "[95 % t-interval], none for a single pair",
  }));
}

function formatEstimate(estimate: PairedEstimate | undefined, format: (value: number) => string): string {
  if (!estimate) return "–";
  const { mean, interval } = estimate;
  return interval ? `${format(mean)} [${format(interval.low)}, ${format(interval.high)}]` : format(mean);
}

function signedPoints(points: number): string {
  return `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(2)}`;
}
