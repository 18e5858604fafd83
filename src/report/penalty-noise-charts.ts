import type { TopLevelSpec } from "vega-lite";
import type { PenaltyComparison, PenaltyNoiseRow } from "../experiments/penalty-noise/penalty-noise-row.js";
import { type Curve, curveChart } from "./curve-chart.js";
import { formatNumber } from "./number-format.js";

/** The rows of a training that charts of its comparisons need. */
export type ComparedRow = Pick<PenaltyNoiseRow, "method" | "seed" | "comparisons">;

/** Cosine between the error penalty's gradient in single precision and the true one, in the course of one training. */
export function penaltyCosineChart(row: ComparedRow): TopLevelSpec {
  return curveChart(
    curvesOf(row, ({ cosine }) => cosine),
    {
      title: `Does single precision follow the penalty? ${row.method}, seed ${row.seed}`,
      subtitle: "cosine between its gradient and the true one along the same steps",
      description:
        "How well the gradient of the error penalty in single precision points along the true one during training.",
      xTitle: "iteration",
      yTitle: "cosine",
    },
  );
}

/** How much longer that gradient is than the true one. */
export function penaltyLengthChart(row: ComparedRow): TopLevelSpec {
  return curveChart(
    curvesOf(row, ({ lengthRatio }) => lengthRatio),
    {
      title: `How much of it is rounding? ${row.method}, seed ${row.seed}`,
      subtitle: "length of the gradient in single precision over that of the true one",
      description:
        "How many times too long the gradient of the error penalty in single precision is during training.",
      xTitle: "iteration",
      yTitle: "ratio of lengths",
      yScale: "log",
    },
  );
}

/** A curve for each setting, in the order of the row. */
function curvesOf({ comparisons }: ComparedRow, shown: (comparison: PenaltyComparison) => number): Curve[] {
  const settings = new Map<string, PenaltyComparison[]>();
  for (const comparison of comparisons) {
    const name = `${comparison.controller} controller, ${formatNumber(comparison.tolerance)}`;
    settings.set(name, [...(settings.get(name) ?? []), comparison]);
  }
  return [...settings].map(([name, points]) => ({
    name,
    x: points.map(({ iteration }) => iteration),
    y: points.map(shown),
  }));
}
