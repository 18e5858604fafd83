import type { TopLevelSpec } from "vega-lite";
import type { StepRecord } from "../solvers/ode/step-records.js";
import { chartTheme } from "./chart-theme.js";
import { roundingFloor, stepPanel, stepRow, tolerance } from "./step-panels.js";
import { thin } from "./thin.js";

const mostSteps = 400;

/**
 * Chart of a solve step by step: error estimate with its rounding floor, step size and stiffness against time.
 *
 * The upper two axes are logarithmic and leave out zeros; of a long solve some 400 steps are drawn.
 */
export function errorAlongTime(steps: readonly StepRecord[]): TopLevelSpec {
  const accepted = steps.filter((step) => step.accepted).length;
  return {
    description:
      `Error estimate, step size and stiffness along time: ${accepted} steps accepted, ` +
      `${steps.length - accepted} rejected.`,
    title: {
      text: "What the solver saw, step by step",
      subtitle: "error in units of the tolerance; dashed: tolerance; grey: what rounding alone may cause",
    },
    config: chartTheme,
    data: { values: thin(steps, mostSteps).map(stepRow) },
    vconcat: [
      stepPanel({
        field: "error",
        title: "error estimate",
        scale: "log",
        format: ".0e",
        behind: [roundingFloor, tolerance],
      }),
      stepPanel({ field: "h", title: "step size", scale: "log", format: "~g" }),
      stepPanel({ field: "stiffness", title: "stiffness (1 / time)", scale: "linear" }),
    ],
  };
}
