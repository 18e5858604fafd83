import type { TopLevelSpec } from "vega-lite";
import type { StepRecord } from "../solvers/ode/step-records.js";
import { type ChartLayer, chartTheme } from "./chart-theme.js";
import { thin } from "./thin.js";

const mostSteps = 400;
const outcomes = { domain: ["accepted", "rejected"], range: ["#0072b2", "#d55e00"] };

/**
 * Chart of a solve step by step: error estimate with its rounding floor, step size and stiffness against time.
 *
 * The upper two axes are logarithmic and leave out zeros; of a long solve some 400 steps are drawn.
 */
export function errorAlongTime(steps: readonly StepRecord[]): TopLevelSpec {
  const accepted = steps.filter((step) => step.accepted).length;
  const values = thin(steps, mostSteps).map(({ accepted: kept, ...step }) => ({
    ...step,
    outcome: kept ? "accepted" : "rejected",
  }));
  return {
    description:
      `Error estimate, step size and stiffness along time: ${accepted} steps accepted, ` +
      `${steps.length - accepted} rejected.`,
    title: {
      text: "What the solver saw, step by step",
      subtitle: "error in units of the tolerance; dashed: tolerance; grey: what rounding alone may cause",
    },
    config: chartTheme,
    data: { values },
    vconcat: [
      panelChart({
        field: "error",
        title: "error estimate",
        scale: "log",
        format: ".0e",
        behind: [roundingFloor, tolerance],
      }),
      panelChart({ field: "h", title: "step size", scale: "log", format: "~g", behind: [] }),
      panelChart({ field: "stiffness", title: "stiffness (1 / time)", scale: "linear", behind: [] }),
    ],
  };
}

interface Panel {
  readonly field: "error" | "h" | "stiffness";
  readonly title: string;
  readonly scale: "log" | "linear";
  readonly format?: string;
  readonly behind: readonly ChartLayer[];
}

function panelChart({ field, title, scale, format, behind }: Panel) {
  const line: ChartLayer = {
    transform: [{ filter: "datum.outcome === 'accepted'" }],
    mark: { type: "line", color: "#bbbbbb", strokeWidth: 1 },
    encoding: { x: time },
  };
  const points: ChartLayer = {
    mark: { type: "point", filled: true, size: 35, opacity: 0.9 },
    encoding: {
      x: time,
      color: { field: "outcome", type: "nominal", title: "step", scale: outcomes },
      shape: {
        field: "outcome",
        type: "nominal",
        title: "step",
        scale: { ...outcomes, range: ["circle", "cross"] },
      },
      tooltip,
    },
  };
  return {
    width: 500,
    height: 130,
    transform: [{ filter: `isFinite(datum.${field}) && datum.${field} ${scale === "log" ? ">" : ">="} 0` }],
    encoding: {
      y: {
        field,
        type: "quantitative" as const,
        title,
        scale: { type: scale },
        axis: { tickCount: 4, minExtent: 50, ...(format && { format }) },
      },
    },
    layer: [...behind, line, points],
  };
}

const time = { field: "t", type: "quantitative" as const, title: "time", scale: { nice: false } };

const roundingFloor: ChartLayer = {
  transform: [{ filter: "datum.errorFloor > 0" }],
  mark: { type: "line", interpolate: "monotone", color: "#767676", strokeWidth: 1, strokeDash: [2, 2] },
  encoding: { x: time, y: { field: "errorFloor", type: "quantitative" } },
};

const tolerance: ChartLayer = {
  mark: { type: "rule", color: "#444444", strokeDash: [5, 4] },
  encoding: { y: { datum: 1 } },
};

const tooltip = [
  { field: "outcome", title: "step" },
  { field: "t", title: "time", format: ".4~g" },
  { field: "h", title: "step size", format: ".3~g" },
  { field: "error", title: "error / tolerance", format: ".3~g" },
  { field: "errorFloor", title: "rounding floor", format: ".2~g" },
  { field: "stiffness", title: "stiffness", format: ".3~g" },
];
