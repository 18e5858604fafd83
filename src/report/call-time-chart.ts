import type { TopLevelSpec } from "vega-lite";
import type { CallTime } from "./call-times.js";
import { type ChartLayer, chartTheme } from "./chart-theme.js";
import { formatNumber } from "./number-format.js";

/** One colour a target, after Okabe and Ito (2008). */
const colours: Readonly<Record<string, string>> = {
  javascript: "#e69f00",
  wasm: "#0072b2",
  onnx: "#009e73",
  tensorflow: "#d55e00",
  tfjs: "#767676",
};

/** Double precision is drawn through, single precision dashed. */
const lines: ChartLayer = {
  mark: { type: "line", strokeWidth: 2 },
  encoding: {
    strokeDash: {
      field: "precision",
      type: "nominal",
      scale: {
        domain: ["float64", "float32"],
        range: [
          [1, 0],
          [5, 4],
        ],
      },
    },
  },
};

/** Options of {@link callTimeChart}. */
export interface CallTimeChartOptions {
  /** What the sizes count. */
  readonly sizes: string;
  /** @defaultValue "Time of one call" */
  readonly title?: string;
}

/**
 * Chart of the time of one call against the size, a line for each target and precision, both axes logarithmic.
 * Meant to be redrawn while `callTimes` runs, see `LiveChart`.
 */
export function callTimeChart(times: readonly CallTime[], options: CallTimeChartOptions): TopLevelSpec {
  const { sizes, title = "Time of one call" } = options;
  const targets = Object.keys(colours).filter((target) => times.some((time) => time.target === target));
  const shown = [...new Set(times.map(({ size }) => size))];
  const largest = Math.max(...shown);
  const atLargest = times
    .filter(({ size }) => size === largest)
    .map(({ target, precision, microseconds }) => `${target} ${precision} ${formatNumber(microseconds, 3)}`);
  const measured = times.map(({ microseconds }) => microseconds);
  return {
    description: `${title} against ${sizes}, in microseconds; at ${largest}: ${atLargest.join(", ")}.`,
    title: {
      text: title,
      subtitle: "median over rounds in which the targets take turns; lower is better",
    },
    width: 460,
    height: 300,
    config: chartTheme,
    data: {
      values: times.map((time) => ({ ...time, microseconds: Number(time.microseconds.toPrecision(4)) })),
    },
    encoding: {
      x: {
        field: "size",
        type: "quantitative",
        title: `${sizes} (log scale)`,
        scale: { type: "log", nice: false, domain: [0.8 * Math.min(...shown), 1.25 * largest] },
        axis: { values: shown, format: "d", grid: false },
      },
      y: {
        field: "microseconds",
        type: "quantitative",
        title: "microseconds per call (log scale)",
        scale: {
          type: "log",
          nice: false,
          domain: [0.7 * Math.min(...measured), 1.4 * Math.max(...measured)],
        },
        axis: { format: ",~g", values: decades(measured) },
      },
      color: {
        field: "target",
        type: "nominal",
        scale: { domain: targets, range: targets.map((target) => colours[target]) },
      },
      tooltip: [
        { field: "target" },
        { field: "precision" },
        { field: "size", title: sizes },
        { field: "microseconds", format: ",.4~r", title: "microseconds" },
      ],
    },
    layer: [lines, { mark: { type: "point", filled: true, size: 50, opacity: 1 } }],
  };
}

/** The powers of ten between the least and the greatest number, and one beyond on either side. */
function decades(numbers: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...numbers)));
  const last = Math.ceil(Math.log10(Math.max(...numbers)));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}
