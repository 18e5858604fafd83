import type { TopLevelSpec } from "vega-lite";
import { chartTheme } from "#internal/report/chart-theme.js";
import type { PrecisionRow } from "./measure.js";
import { choices } from "./problems.js";

/** Colours after Okabe and Ito (2008); ours first. */
const looks = [
  { colour: "#0072b2", shape: "circle" },
  { colour: "#e69f00", shape: "square" },
  { colour: "#009e73", shape: "triangle-up" },
  { colour: "#cc79a7", shape: "diamond" },
] as const;

/** Errors outside of these are not shown: beyond, nothing was solved, or only rounding is left. */
const errorRange = [1e-12, 10] as const;

/** Small multiples, a panel for each problem: error against evaluations, a line for each method in its library's colour. */
export function precisionChart(rows: readonly PrecisionRow[]): TopLevelSpec {
  const engines = [...new Set(rows.map(({ engine }) => engine))];
  const problems = [...new Set(rows.map(({ problem }) => problem))];
  const domain = engines;
  return {
    description:
      "Error at the end against evaluations of the field, each axis logarithmic, for " +
      `${problems.map((name) => choices[name].title).join("; ")}; by ${engines.join(", ")}.`,
    title: {
      text: "Error against function evaluations",
      subtitle:
        "a line for each method, a point for each tolerance from 1e-3 to 1e-10; dashed: methods for stiff problems",
    },
    config: chartTheme,
    data: {
      values: rows.map(pointOf).filter(({ error }) => error >= errorRange[0] && error <= errorRange[1]),
    },
    facet: {
      field: "problem",
      type: "nominal",
      title: null,
      sort: problems.map((name) => choices[name].title),
    },
    columns: 4,
    spec: {
      width: 190,
      height: 190,
      mark: { type: "line", strokeWidth: 1.5, point: { size: 30 } },
      encoding: {
        x: {
          field: "nfe",
          type: "quantitative",
          title: "evaluations",
          scale: { type: "log", nice: false },
          axis: { format: "~s", tickCount: 4, labelOverlap: true, grid: false },
        },
        y: {
          field: "error",
          type: "quantitative",
          title: "error",
          scale: { type: "log", domain: [...errorRange] },
          axis: { format: ".0e", values: [1, 1e-3, 1e-6, 1e-9, 1e-12] },
        },
        color: {
          field: "engine",
          type: "nominal",
          title: null,
          scale: { domain, range: looks.map(({ colour }) => colour) },
        },
        shape: {
          field: "engine",
          type: "nominal",
          title: null,
          scale: { domain, range: looks.map(({ shape }) => shape) },
        },
        strokeDash: {
          field: "kind",
          type: "nominal",
          legend: null,
          scale: {
            domain: ["nonstiff", "stiff"],
            range: [
              [1, 0],
              [5, 3],
            ],
          },
        },
        detail: { field: "method", type: "nominal" },
        order: { field: "tolerance", type: "quantitative", sort: "descending" },
        tooltip: [
          { field: "engine" },
          { field: "method" },
          { field: "tolerance", format: ".0e" },
          { field: "nfe", title: "evaluations" },
          { field: "error", format: ".1e" },
        ],
      },
    },
    resolve: { scale: { x: "independent" } },
  };
}

function pointOf({ problem, error, milliseconds: _, ...row }: PrecisionRow) {
  return { ...row, problem: choices[problem].title, error: Number(error.toPrecision(3)) };
}
