import type { TopLevelSpec } from "vega-lite";
import { type ChartLayer, chartTheme } from "./chart-theme.js";

/** A curve of a chart: as a line, or as points for what is to be compared with one. */
export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** @defaultValue "line" */
  readonly mark?: "line" | "points";
}

/** Words and axes of {@link curveChart}. */
export interface CurveChartOptions {
  readonly title: string;
  /** What the curves show, in a sentence, for readers who do not see them. */
  readonly description: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** @defaultValue none */
  readonly subtitle?: string;
  /** A logarithmic axis leaves out what it has no place for. @defaultValue "linear" */
  readonly xScale?: "linear" | "log";
  /** @defaultValue "linear" */
  readonly yScale?: "linear" | "log";
  /** Whether a linear axis of y shows zero, though all values be far from it. @defaultValue true */
  readonly yZero?: boolean;
}

/** After Okabe and Ito (2008), as in all charts; the first is for what the others are measured by. */
const colours = ["#767676", "#009e73", "#d55e00", "#0072b2", "#e69f00", "#cc79a7"];

/** A line's points cannot be seen, but have tooltips. */
const marks = {
  line: { type: "line", strokeWidth: 2, point: "transparent" },
  points: { type: "point", filled: true, size: 45, opacity: 1 },
} as const;

/**
 * Chart of curves over one axis, in the order of their names' list.
 *
 * @throws RangeError when there are no curves, more than can be told apart, or a curve does not have as many x as y.
 */
export function curveChart(curves: readonly Curve[], options: CurveChartOptions): TopLevelSpec {
  const { title, subtitle, description, xTitle, yTitle } = options;
  const { xScale = "linear", yScale = "linear", yZero = true } = options;
  if (curves.length === 0 || curves.length > colours.length) {
    throw new RangeError(`curveChart draws 1 to ${colours.length} curves, got ${curves.length}`);
  }
  const all = (axis: "x" | "y") => curves.flatMap((curve) => Array.from(curve[axis]));
  return {
    description,
    title: { text: title, ...(subtitle && { subtitle }) },
    width: 460,
    height: 260,
    config: chartTheme,
    encoding: {
      x: { field: "x", type: "quantitative", title: xTitle, ...axisOf(xScale, false, all("x")) },
      y: { field: "y", type: "quantitative", title: yTitle, ...axisOf(yScale, yZero, all("y")) },
      color: {
        field: "curve",
        type: "nominal",
        title: null,
        scale: { domain: curves.map(({ name }) => name), range: colours.slice(0, curves.length) },
      },
      tooltip: [
        { field: "curve", type: "nominal" },
        { field: "x", type: "quantitative", title: xTitle, format: ".4~g" },
        { field: "y", type: "quantitative", title: yTitle, format: ".4~g" },
      ],
    },
    layer: curves.map(
      (curve): ChartLayer => ({
        data: {
          values: valuesOf(curve).filter(
            ({ x, y }) => (xScale === "linear" || x > 0) && (yScale === "linear" || y > 0),
          ),
        },
        mark: marks[curve.mark ?? "line"],
      }),
    ),
  };
}

/** Small and large numbers by their exponent. */
const shortNumber =
  "datum.value >= 1e-3 && datum.value < 1e6 ? format(datum.value, ',~g') : format(datum.value, '.0e')";
const isPowerOfTen = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-9";

/** Scale and axis of a channel. */
function axisOf(scale: "linear" | "log", zero: boolean, values: readonly number[]) {
  if (scale === "linear") return { scale: { zero } };
  const positive = values.filter((value) => value > 0);
  const isWide = Math.max(...positive) >= 100 * Math.min(...positive);
  const labelExpr = isWide ? `${isPowerOfTen} ? ${shortNumber} : ''` : shortNumber;
  return {
    scale: { type: "log" as const, nice: false },
    axis: { labelExpr, labelOverlap: true, tickCount: 6 },
  };
}

function valuesOf({ name, x, y }: Curve) {
  if (x.length !== y.length) {
    throw new RangeError(
      `curveChart: the curve "${name}" has ${x.length} x and ${y.length} y; they go in pairs`,
    );
  }
  return Array.from(x, (at, i) => ({ curve: name, x: at, y: Number(y[i].toPrecision(6)) }));
}
