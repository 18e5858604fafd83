import type { TopLevelSpec } from "vega-lite";
import type { StepRecord } from "../solvers/ode/step-records.js";
import { chartTheme } from "./chart-theme.js";

/** A scalar path by the times at which it is known. */
export interface KnownPath {
  readonly t: ArrayLike<number>;
  readonly w: ArrayLike<number>;
}

const outcomes = { domain: ["accepted", "rejected"], range: ["#0072b2", "#d55e00"] };

/**
 * Chart of a path of the noise with every attempted step of a solve along it, from where the path is at the step's start to
 * where it is at its end, and below it the sizes of the attempts in their order.
 *
 * @throws RangeError when the path is not known where a step starts or ends.
 */
export function attemptsOnPath(path: KnownPath, steps: readonly StepRecord[], title: string): TopLevelSpec {
  const known = new Map(Array.from(path.t, (t, i) => [t, path.w[i]]));
  const at = (time: number): number => {
    const w = known.get(time);
    if (w === undefined) throw new RangeError(`attemptsOnPath: the path is not known at ${time}`);
    return w;
  };
  const attempts = steps.map(({ t, h, error, accepted }, i) => {
    const end = nearest(path.t, t + h);
    const outcome = accepted ? "accepted" : "rejected";
    return { attempt: i + 1, t, end, w: at(t), wEnd: at(end), h, error, outcome };
  });
  const rejected = steps.filter(({ accepted }) => !accepted).length;
  const x = { field: "t", type: "quantitative" as const, title: "time", scale: { nice: false } };
  const y = { field: "w", type: "quantitative" as const, title: "W" };
  const colour = { field: "outcome", type: "nominal" as const, title: "step", scale: outcomes };
  const tooltip = [
    { field: "attempt" },
    { field: "outcome", title: "step" },
    { field: "t", title: "from", format: ".3~g" },
    { field: "end", title: "to", format: ".3~g" },
    { field: "error", title: "error / tolerance", format: ".3~g" },
  ];
  return {
    description: `${title}: ${steps.length - rejected} steps accepted, ${rejected} rejected, each along the same path.`,
    title: {
      text: title,
      subtitle: "grey: the path as it is known in the end; a rejected attempt's end is a point of it, too",
    },
    config: chartTheme,
    data: { values: attempts },
    vconcat: [
      {
        width: 520,
        height: 220,
        layer: [
          {
            data: { values: Array.from(path.t, (t, i) => ({ t, w: path.w[i] })) },
            mark: { type: "line", color: "#bbbbbb", strokeWidth: 1 },
            encoding: { x, y, order: { field: "t", type: "quantitative" } },
          },
          {
            mark: { type: "rule", strokeWidth: 1.5, opacity: 0.8 },
            encoding: {
              x,
              y,
              x2: { field: "end" },
              y2: { field: "wEnd" },
              color: colour,
              strokeDash: { field: "outcome", type: "nominal", title: "step", scale: dashes },
              tooltip,
            },
          },
          {
            mark: { type: "point", filled: true, size: 30, opacity: 1 },
            encoding: { x: { ...x, field: "end" }, y: { ...y, field: "wEnd" }, color: colour, tooltip },
          },
        ],
      },
      {
        width: 520,
        height: 90,
        mark: { type: "point", filled: true, size: 35 },
        encoding: {
          x: { field: "attempt", type: "quantitative", scale: { nice: false } },
          y: { field: "h", type: "quantitative", title: "step size", axis: { tickCount: 3 } },
          color: colour,
          tooltip,
        },
      },
    ],
  };
}

const dashes = {
  domain: outcomes.domain,
  range: [
    [1, 0],
    [4, 3],
  ],
};

/** The known time that a rounded sum means. */
function nearest(times: ArrayLike<number>, time: number): number {
  return Array.from(times).reduce((best, each) =>
    Math.abs(each - time) < Math.abs(best - time) ? each : best,
  );
}
