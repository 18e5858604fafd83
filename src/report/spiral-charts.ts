import type { TopLevelSpec } from "vega-lite";
import { type SpiralOdePresetName, spiralOdePresets } from "../experiments/spiral-ode/presets.js";
import { trueSpiral } from "../experiments/spiral-ode/spiral.js";
import type { SpiralOdeRow } from "../experiments/spiral-ode/spiral-ode-row.js";
import { chartTheme } from "./chart-theme.js";
import { singleComparison } from "./comparison.js";
import { methodScale } from "./method-colours.js";

/** What the charts need of a row. */
export type SpiralRow = Omit<SpiralOdeRow, "curve" | "provenance">;

/** One line a run: of the first seed that each arm has. */
function firstSeeds(rows: readonly SpiralRow[], chart: string) {
  const { title, arms } = singleComparison(rows, chart);
  const runs = arms.map(({ method, weight, rows: [first] }) => {
    const name = weight > 0 ? `${method}, weight ${weight}` : method;
    return { method, name, row: first };
  });
  return { title, runs, methods: arms.map(({ method }) => method) };
}

/**
 * Chart of the trained models' trajectories in the plane, at the points of the fit, and these points: one line for each
 * method and weight, of its first seed.
 *
 * @throws {Error} If there are no rows, or rows differ in more than method, weight and seed.
 */
export function trajectoryChart(rows: readonly SpiralRow[]): TopLevelSpec {
  const { title, runs, methods } = firstSeeds(rows, "trajectoryChart");
  const values = runs.flatMap(({ method, name, row: { trajectory } }) =>
    trajectory.t.map((t, i) => ({ method, run: name, t, u1: trajectory.u[i][0], u2: trajectory.u[i][1] })),
  );
  return {
    description: `Trajectories of the trained models in the plane (${title}): ${runs.map(({ name }) => name).join("; ")}.`,
    title: {
      text: "The spiral, as the trained models have it",
      subtitle: [title, "rings: the points to which they are fitted · the first seed of each"],
    },
    width: 340,
    height: 300,
    config: chartTheme,
    encoding: {
      x: { field: "u1", type: "quantitative", title: "u₁" },
      y: { field: "u2", type: "quantitative", title: "u₂" },
      tooltip: [{ field: "run" }, { field: "t", format: ".3f" }],
    },
    layer: [
      {
        data: { values: truthOf(rows[0]) },
        mark: { type: "point", color: "black", size: 60, strokeWidth: 1, opacity: 1 },
      },
      {
        data: { values },
        mark: { type: "line", point: { size: 18 }, strokeWidth: 1 },
        encoding: {
          order: { field: "t", type: "quantitative" },
          detail: { field: "run" },
          color: { field: "method", type: "nominal", scale: methodScale(methods) },
        },
      },
    ],
  };
}

/** The points of the fit. */
function truthOf({ preset }: SpiralRow) {
  const { span, points } = spiralOdePresets[preset as SpiralOdePresetName];
  const { times, states } = trueSpiral(span, points);
  return times.map((t, i) => ({
    run: "true spiral",
    t,
    u1: Number(states.data[2 * i].toPrecision(6)),
    u2: Number(states.data[2 * i + 1].toPrecision(6)),
  }));
}

/**
 * Chart of the steps that the training solver takes along the trained models: their size against the time at which each
 * starts, one line for each method and weight, of its first seed. The last step is left out: the end cuts it short.
 *
 * @throws {Error} If there are no rows, or rows differ in more than method, weight and seed.
 */
export function stepSizeChart(rows: readonly SpiralRow[]): TopLevelSpec {
  const { title, runs, methods } = firstSeeds(rows, "stepSizeChart");
  const values = runs.flatMap(({ method, name, row: { steps } }) =>
    steps.t.slice(0, -1).map((t, i) => ({ method, run: name, t, h: steps.h[i] })),
  );
  const counts = runs.map(({ name, row }) => `${name} ${row.steps.t.length}`).join("; ");
  return {
    description: `Step sizes along the spiral (${title}). Accepted steps: ${counts}.`,
    title: {
      text: "Step sizes along the spiral",
      subtitle: [title, "the first seed of each, without the last step, which the end cuts short"],
    },
    width: 460,
    height: 260,
    config: chartTheme,
    data: { values },
    mark: { type: "line", interpolate: "step-after", strokeWidth: 1.5 },
    encoding: {
      x: { field: "t", type: "quantitative", title: "time", scale: { nice: false } },
      y: { field: "h", type: "quantitative", title: "step size", scale: { type: "log", nice: false } },
      detail: { field: "run" },
      color: { field: "method", type: "nominal", scale: methodScale(methods) },
      tooltip: [{ field: "run" }, { field: "t", format: ".3f" }, { field: "h", format: ".2e" }],
    },
  };
}
