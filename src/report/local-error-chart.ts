import type { TopLevelSpec } from "vega-lite";
import { type ChartLayer, chartTheme } from "./chart-theme.js";

/** Errors of single steps of one method, by the size of the step. */
export interface LocalErrors {
  readonly method: string;
  readonly h: readonly number[];
  /** Error of the solution that is carried on. */
  readonly solution: readonly number[];
  /** Error of the embedded formula, which is thrown away. */
  readonly embedded: readonly number[];
  /** The method's own estimate. */
  readonly estimate: readonly number[];
}

/** Curves in the order of the legend; colours after Okabe and Ito (2008). */
const curves = {
  "error of the embedded formula": { of: "embedded", colour: "#e69f00" },
  estimate: { of: "estimate", colour: "#d55e00" },
  "error of the solution": { of: "solution", colour: "#0072b2" },
} as const;

/**
 * Chart of a step's true errors and of its estimate against the step's size, both axes logarithmic, with a menu of
 * methods. Errors of zero are left out.
 *
 * @param initial The method that is shown first, and in pictures.
 * @throws RangeError when there is no such method.
 */
export function localErrorChart(methods: readonly LocalErrors[], initial: string): TopLevelSpec {
  const names = methods.map(({ method }) => method);
  if (!names.includes(initial)) {
    throw new RangeError(`localErrorChart: there is no method ${initial} among ${names.join(", ")}`);
  }
  const values = methods.flatMap(rowsOf);
  const errors = values.map(({ error }) => error);
  return {
    description:
      "Errors of single steps against their size, one method at a time: the estimate lies on the error of the embedded " +
      `formula, that of the solution falls faster. Methods: ${names.join(", ")}.`,
    title: {
      text: { expr: "'One step of ' + method" },
      subtitle: "true errors of its two formulas (lines), and its own estimate (points)",
    },
    width: 460,
    height: 300,
    config: chartTheme,
    params: [{ name: "method", value: initial, bind: { input: "select", options: names, name: "method " } }],
    data: { values },
    transform: [{ filter: "datum.method === method" }],
    encoding: {
      x: {
        field: "h",
        type: "quantitative",
        title: "size of the step (log scale)",
        scale: { type: "log", nice: false },
        axis: { format: "~g", tickCount: 5 },
      },
      y: {
        field: "error",
        type: "quantitative",
        title: "error (log scale)",
        scale: { type: "log", nice: false, domain: [Math.min(...errors), Math.max(...errors)] },
        axis: { format: ".0e", tickCount: 8 },
      },
      color: {
        field: "of",
        type: "nominal",
        title: null,
        scale: {
          domain: Object.keys(curves),
          range: Object.values(curves).map(({ colour }) => colour),
        },
      },
      tooltip: [
        { field: "method" },
        { field: "of", title: "what" },
        { field: "h", title: "step", format: ".3~g" },
        { field: "error", title: "value", format: ".3~e" },
      ],
    },
    layer: [lines, points],
  };
}

const lines: ChartLayer = {
  transform: [{ filter: "datum.of !== 'estimate'" }],
  mark: { type: "line", strokeWidth: 2, point: "transparent" },
};

const points: ChartLayer = {
  transform: [{ filter: "datum.of === 'estimate'" }],
  mark: { type: "point", filled: true, size: 35, opacity: 1 },
};

function rowsOf(errors: LocalErrors) {
  const { method, h } = errors;
  return Object.entries(curves).flatMap(([name, { of }]) =>
    h
      .map((size, i) => ({
        method,
        of: name,
        h: Number(size.toPrecision(4)),
        error: Number(errors[of][i].toPrecision(4)),
      }))
      .filter(({ error }) => error > 0),
  );
}
