import type { TopLevelSpec } from "vega-lite";
import type { StepRecord } from "../solvers/ode/step-records.js";
import type { ChartLayer } from "./chart-theme.js";

const outcomes = { domain: ["accepted", "rejected"], range: ["#0072b2", "#d55e00"] };

/** One chart above or below others. */
export type Panel = Extract<TopLevelSpec, { vconcat: unknown }>["vconcat"][number];

/** What a panel draws of each step against time. */
export interface StepPanelOptions {
  readonly field: "error" | "h" | "stiffness";
  readonly title: string;
  /** A logarithmic axis leaves out zeros. */
  readonly scale: "log" | "linear";
  readonly format?: string;
  /** Ends of the axis. @defaultValue those of the data */
  readonly domain?: readonly [number, number];
  /** Drawn first. @defaultValue nothing */
  readonly behind?: readonly ChartLayer[];
}

/** The row of a step in the data of a panel. */
export function stepRow({ accepted, ...step }: StepRecord) {
  return { ...step, outcome: accepted ? "accepted" : "rejected" };
}

/** Chart of one number of each step against time, for data of {@link stepRow}s: a line through the accepted ones. */
export function stepPanel({ field, title, scale, format, domain, behind = [] }: StepPanelOptions) {
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
        scale: { type: scale, ...(domain && { domain: [...domain] }) },
        axis: { tickCount: 4, minExtent: 50, ...(format && { format }) },
      },
    },
    layer: [...behind, line, points],
  };
}

/** The time axis that all panels share. */
export const time = { field: "t", type: "quantitative" as const, title: "time", scale: { nice: false } };

/** How much of the error estimate rounding alone may cause. */
export const roundingFloor: ChartLayer = {
  transform: [{ filter: "datum.errorFloor > 0" }],
  mark: {
    type: "line",
    interpolate: "monotone",
    color: "#767676",
    strokeWidth: 1,
    strokeDash: [2, 2],
    clip: true,
  },
  encoding: { x: time, y: { field: "errorFloor", type: "quantitative" } },
};

/** An error estimate of 1, above which a step is rejected. */
export const tolerance: ChartLayer = {
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
