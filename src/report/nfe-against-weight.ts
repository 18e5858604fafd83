import type { TopLevelSpec } from "vega-lite";
import type { Measure } from "../experiments/experiment.js";
import { isChosen, methodSelection, type QualityFilter, qualityFilter } from "./chart-filters.js";
import { type ChartLayer, chartTheme } from "./chart-theme.js";
import { type Arm, type ConfiguredRow, singleComparison } from "./comparison.js";
import { measured, measuresOf, tooltipOf } from "./measures.js";
import { methodScale } from "./method-colours.js";
import { formatNumber } from "./number-format.js";
import { meanOf } from "./paired.js";

/** What the chart needs of a row of results. */
export interface WeightedCostRow extends ConfiguredRow {
  readonly nfe: number;
  readonly nfeProbe: number;
}

/** Options of {@link nfeAgainstWeight}. */
export interface NfeAgainstWeightOptions {
  /**
   * Which evaluations are counted: of the solver used in training, or of the probe that all rows share.
   * @defaultValue "nfeProbe"
   */
  readonly metric?: "nfe" | "nfeProbe";
}

/**
 * Chart of function evaluations against the weight of the penalty: a point a seed, the mean as a line, the range as
 * a bar. Training without penalty stands on the left, beyond the logarithmic axis; its mean is the dashed line too. The
 * legend filters by method, a menu below by what the saving costs in quality.
 *
 * Rows without a solver are left out.
 *
 * @throws {Error} If no row has a solver, or if rows differ in more than method, weight and seed.
 */
export function nfeAgainstWeight(
  rows: readonly WeightedCostRow[],
  options: NfeAgainstWeightOptions = {},
): TopLevelSpec {
  const { metric = "nfeProbe" } = options;
  const solved = rows.filter((row) => row[metric] > 0);
  const { title, arms } = singleComparison(solved, "nfeAgainstWeight");
  const axis = weightAxis(arms.map(({ weight }) => weight));
  const [quality] = measuresOf(solved[0].experiment);
  const filter = qualityFilter(arms, quality);
  const summaries = arms.map((arm) => summaryOf(arm, metric, axis, filter));
  const points = arms.flatMap((arm) => pointsOf(arm, metric, axis, filter));
  const most = Math.max(...summaries.map(({ high }) => high));
  const shown = [isChosen, filter.isGoodEnough];
  const counted = metric === "nfeProbe" ? "probe" : "training solver";
  return {
    description:
      `Function evaluations (${counted}) against the weight of the penalty (${title}). ` +
      `Means over seeds: ${summaries.map(inWords).join("; ")}.`,
    title: {
      text: "Function evaluations against the weight of the penalty",
      subtitle: [
        title,
        "points: seeds · line: mean · bar: range over seeds · dashed: mean without penalty",
        "click a method in the legend to see it alone",
      ],
    },
    width: 460,
    height: 280,
    config: chartTheme,
    params: filter.params,
    encoding: {
      color: { field: "method", type: "nominal", scale: methodScale(arms.map(({ method }) => method)) },
    },
    layer: [
      unpenalizedLayer(summaries, shown, `function evaluations (${counted})`, most),
      {
        encoding: {
          x: {
            field: "position",
            type: "quantitative",
            title: "weight of the penalty at the start of training (log scale)",
            scale: { type: "log", domain: axis.domain, nice: false },
            axis: { values: axis.ticks, labelExpr: axis.labelExpression, grid: false },
          },
        },
        layer: [
          rangeLayer(summaries, shown),
          meanLayer(summaries, shown),
          pointLayer(points, shown, quality),
        ],
      },
    ],
  };
}

/** Where weights stand on a logarithmic axis that has a place for 0 as well. */
interface WeightAxis {
  readonly placeOf: (weight: number) => number;
  readonly ticks: number[];
  readonly domain: [number, number];
  readonly labelExpression: string;
}

/** As many weights have a label each; where there are more, powers of ten have. */
const mostTicks = 8;

function weightAxis(weights: readonly number[]): WeightAxis {
  const positive = weights.filter((weight) => weight > 0);
  const smallest = positive.length > 0 ? Math.min(...positive) : 1;
  const largest = Math.max(smallest, ...positive);
  const placeOfZero = smallest / 4;
  const placeOf = (weight: number) => (weight > 0 ? weight : placeOfZero);
  const places = [...new Set(weights.map(placeOf))].sort((a, b) => a - b);
  return {
    placeOf,
    ticks: places.length <= mostTicks ? places : [placeOfZero, ...powersOfTen(smallest, largest)],
    domain: [places[0] / 2, largest * 2],
    labelExpression: `datum.value < ${smallest} ? 'none' : format(datum.value, '~g')`,
  };
}

function powersOfTen(low: number, high: number): number[] {
  const powers: number[] = [];
  for (let exponent = Math.ceil(Math.log10(low)); 10 ** exponent <= high; exponent++) {
    powers.push(10 ** exponent);
  }
  return powers;
}

interface Summary {
  readonly method: string;
  readonly weight: number;
  readonly position: number;
  readonly seeds: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly worse: number;
}

function summaryOf(
  arm: Arm<WeightedCostRow>,
  metric: "nfe" | "nfeProbe",
  axis: WeightAxis,
  filter: QualityFilter<WeightedCostRow>,
): Summary {
  const { method, weight, rows } = arm;
  const counts = rows.map((row) => row[metric]);
  return {
    method,
    weight,
    position: axis.placeOf(weight),
    seeds: rows.length,
    mean: meanOf(counts),
    low: Math.min(...counts),
    high: Math.max(...counts),
    worse: filter.worseBy(arm),
  };
}

function inWords({ method, weight, mean }: Summary): string {
  return `${method}${weight > 0 ? ` at weight ${formatNumber(weight)}` : ""} ${formatNumber(mean)}`;
}

/** Seeds stand side by side: their counts are often equal, and would hide one another. */
function pointsOf(
  arm: Arm<WeightedCostRow>,
  metric: "nfe" | "nfeProbe",
  axis: WeightAxis,
  filter: QualityFilter<WeightedCostRow>,
) {
  const { method, weight, rows } = arm;
  const [quality] = measuresOf(rows[0].experiment);
  return rows.map((row, i) => ({
    method,
    weight,
    seed: row.seed,
    position: axis.placeOf(weight) * 1.06 ** (i - (rows.length - 1) / 2),
    nfe: row[metric],
    quality: measured(quality, row),
    worse: filter.worseBy(arm),
  }));
}

const summaryTooltip = [
  { field: "method" },
  { field: "weight" },
  { field: "seeds" },
  { field: "mean", title: "mean NFE", format: ".4~r" },
  { field: "low", title: "least NFE" },
  { field: "high", title: "most NFE" },
];

/** Transformations of a layer's data. */
type Transforms = NonNullable<ChartLayer["transform"]>;

/** The mean without penalty, and the vertical axis of all layers. */
function unpenalizedLayer(
  summaries: readonly Summary[],
  transform: Transforms,
  title: string,
  most: number,
): ChartLayer {
  return {
    data: { values: summaries.filter(({ weight }) => weight === 0) },
    transform,
    mark: { type: "rule", strokeDash: [5, 4], opacity: 0.7 },
    encoding: {
      y: { field: "mean", type: "quantitative", title, scale: { domain: [0, most], nice: true } },
      tooltip: summaryTooltip,
    },
  };
}

function meanLayer(summaries: readonly Summary[], transform: Transforms): ChartLayer {
  return {
    data: { values: summaries.filter(({ weight }) => weight > 0) },
    transform,
    mark: { type: "line", strokeWidth: 2 },
    encoding: { y: { field: "mean", type: "quantitative" } },
  };
}

function rangeLayer(summaries: readonly Summary[], transform: Transforms): ChartLayer {
  return {
    data: { values: [...summaries] },
    transform,
    mark: { type: "rule", strokeWidth: 2, opacity: 0.5 },
    encoding: {
      y: { field: "low", type: "quantitative" },
      y2: { field: "high" },
      tooltip: summaryTooltip,
    },
  };
}

function pointLayer(
  points: ReturnType<typeof pointsOf>,
  transform: Transforms,
  quality: Measure,
): ChartLayer {
  return {
    data: { values: points },
    transform,
    params: [methodSelection],
    mark: { type: "point", filled: true, size: 60, opacity: 0.8 },
    encoding: {
      y: { field: "nfe", type: "quantitative" },
      tooltip: [
        { field: "method" },
        { field: "weight" },
        { field: "seed" },
        { field: "nfe", title: "NFE" },
        tooltipOf(quality, "quality"),
      ],
    },
  };
}
