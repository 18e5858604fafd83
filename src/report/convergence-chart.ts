import type { TopLevelSpec } from "vega-lite";
import { chartTheme } from "./chart-theme.js";

/** Errors of a method at several step sizes. */
export interface Convergence {
  readonly name: string;
  readonly h: readonly number[];
  readonly errors: readonly number[];
}

/** Words of {@link convergenceChart}. */
export interface ConvergenceChartOptions {
  readonly title: string;
  /** @defaultValue none */
  readonly subtitle?: string;
  /** @defaultValue "error" */
  readonly errorTitle?: string;
}

/** After Okabe and Ito (2008). */
const colours = ["#767676", "#e69f00", "#d55e00", "#0072b2", "#009e73", "#cc79a7"];

/**
 * The power of h by which errors fall: the slope of the straight line through their logarithms by least squares; NaN with
 * fewer than two.
 */
export function fittedOrder(h: readonly number[], errors: readonly number[]): number {
  return lineThrough(h, errors).slope;
}

/**
 * Chart of errors against step sizes, both logarithmic, with the straight line through those of each method; its slope, the
 * order, stands beside the name.
 *
 * @throws RangeError when there are no methods, or more than can be told apart.
 */
export function convergenceChart(
  methods: readonly Convergence[],
  { title, subtitle, errorTitle = "error" }: ConvergenceChartOptions,
): TopLevelSpec {
  if (methods.length === 0 || methods.length > colours.length) {
    throw new RangeError(`convergenceChart draws 1 to ${colours.length} methods, got ${methods.length}`);
  }
  const labels = methods.map(labelOf);
  const values = methods.flatMap(({ h, errors }, i) => {
    const { slope, at } = lineThrough(h, errors);
    return h.map((each, j) => ({
      method: labels[i],
      h: each,
      error: short(errors[j]),
      fitted: short(Number.isFinite(slope) ? at(each) : errors[j]),
    }));
  });
  const axis = { format: ".0e", labelOverlap: true, tickCount: 6 };
  const scale = { type: "log" as const, nice: false };
  return {
    description: `${title}: orders by regression ${labels.join("; ")}.`,
    title: { text: title, ...(subtitle && { subtitle }) },
    width: 460,
    height: 280,
    config: chartTheme,
    data: { values },
    encoding: {
      x: { field: "h", type: "quantitative", title: "step size", scale, axis: { ...axis, format: ".2~g" } },
      color: {
        field: "method",
        type: "nominal",
        title: "slope",
        legend: { labelLimit: 300 },
        scale: { domain: labels, range: colours.slice(0, labels.length) },
      },
    },
    layer: [
      {
        mark: { type: "line", strokeWidth: 1.5 },
        encoding: { y: { field: "fitted", type: "quantitative", title: errorTitle, scale, axis } },
      },
      {
        mark: { type: "point", filled: true, size: 45, opacity: 1 },
        encoding: {
          y: { field: "error", type: "quantitative" },
          tooltip: [
            { field: "method", title: "slope" },
            { field: "h", title: "step size", format: ".3~g" },
            { field: "error", title: errorTitle, format: ".3~g" },
          ],
        },
      },
    ],
  };
}

function labelOf({ name, h, errors }: Convergence): string {
  const order = fittedOrder(h, errors);
  return Number.isFinite(order) ? `${name}, ${order.toFixed(2)}` : name;
}

/** The straight line in logarithms. */
function lineThrough(h: readonly number[], errors: readonly number[]) {
  const [x, y] = [h, errors].map((values) => values.map(Math.log));
  const [centre, level] = [mean(x), mean(y)];
  const spread = mean(x.map((each) => (each - centre) ** 2));
  const slope = mean(x.map((each, i) => (each - centre) * (y[i] - level))) / spread;
  return { slope, at: (size: number) => Math.exp(level + slope * (Math.log(size) - centre)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** Enough digits for a chart. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
