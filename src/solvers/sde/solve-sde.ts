import type { NdArray } from "../../compiler/nd-array.js";
import { stackedValues } from "../../compiler/targets/stacked-values.js";
import type { Value } from "../../compiler/targets/target.js";
import { buildTree } from "../../compiler/tree.js";
import type { ArraysOf } from "../ode/ode-problem.js";
import type { StepRecord } from "../ode/step-records.js";
import { type PlacedSdeProblem, placeSdeProblem } from "./placed-sde-problem.js";
import { integrateSdeValues, solveSdeValues } from "./sde-integration.js";
import { checkedSdeOptions, type SdeOptions } from "./sde-options.js";
import type { SdeProblem } from "./sde-problem.js";
import { type SdeSolution, sdeMessageOf } from "./sde-solution.js";
import type { SdeTrajectory } from "./sde-trajectory.js";

/**
 * Solves a stochastic initial value problem along one path of its noise. Numerical failure is told by the solution's code,
 * with how far it came.
 *
 * @throws RangeError or TypeError when an option is impossible, the method is not for the problem's noise, or drift,
 * diffusion or path do not fit the state; TargetError and TraceError when the target or the tracer cannot do what is asked.
 */
export function solveSde<Y, P>(problem: SdeProblem<Y, P>, options: SdeOptions<Y> = {}): SdeSolution<Y> {
  const checked = { ...checkedSdeOptions(problem, options), tape: false };
  const placed = placeSdeProblem(problem, options);
  try {
    const trajectory = solveSdeValues(placed.sde, placed.start, checked);
    return surrendered(placed, problem, checked, trajectory);
  } finally {
    placed.release();
  }
}

/** Solves step by step, as `solveSde` does: yields a record of every attempted step and returns the solution. */
export function* integrateSde<Y, P>(
  problem: SdeProblem<Y, P>,
  options: SdeOptions<Y> = {},
): Generator<StepRecord, SdeSolution<Y>> {
  const checked = { ...checkedSdeOptions(problem, options), tape: false };
  const placed = placeSdeProblem(problem, options);
  try {
    const trajectory = yield* integrateSdeValues(placed.sde, placed.start, checked);
    return surrendered(placed, problem, checked, trajectory);
  } finally {
    placed.release();
  }
}

/** A trajectory as its user sees it; its values are freed. */
function surrendered<Y, P>(
  placed: PlacedSdeProblem<Y>,
  problem: SdeProblem<Y, P>,
  options: SdeOptions,
  trajectory: SdeTrajectory,
): SdeSolution<Y> {
  try {
    return sdeSolutionOf(placed, problem, options, trajectory);
  } finally {
    trajectory.release();
  }
}

/** A trajectory as its user sees it, with arrays in the place of values. */
export function sdeSolutionOf<Y, P>(
  { sde: { target }, path }: PlacedSdeProblem<Y>,
  { span, y0 }: SdeProblem<Y, P>,
  { saveAt }: Pick<SdeOptions, "saveAt">,
  { code, t, state, saved, steps, stats }: SdeTrajectory,
): SdeSolution<Y> {
  const arraysOf = (values: readonly Value[]): NdArray[] => values.map((value) => target.get(value));
  const tree = (arrays: readonly NdArray[]) => buildTree(y0.structure, arrays) as ArraysOf<Y>;
  const y1 = arraysOf(state);
  const ys = saveAt ? saved : [state];
  const stack = (leaf: number): NdArray =>
    stackedValues(
      target,
      y0.arrays[leaf].shape,
      ys.map((values) => values[leaf]),
    );
  const startTimes = steps.filter(({ accepted }) => accepted).map((step) => step.t);
  return {
    code,
    message: sdeMessageOf(code, t, stats, target.precision),
    ts: saveAt ? Float64Array.from(saveAt.slice(0, saved.length)) : Float64Array.of(t),
    ys: tree(y0.arrays.map((_, leaf) => stack(leaf))),
    y1: tree(y1),
    stepTimes: Float64Array.from(startTimes.length > 0 ? [...startTimes, t] : [span[0]]),
    steps,
    stats,
    path,
    precision: target.precision,
    target: target.name,
  };
}
