import type { NdArray } from "../../compiler/nd-array.js";
import { stackedValues } from "../../compiler/targets/stacked-values.js";
import type { Value } from "../../compiler/targets/target.js";
import { buildTree } from "../../compiler/tree.js";
import { type HostStep, hostDenseOutput } from "./host-dense-output.js";
import { integrateValues, solveValues, type Trajectory } from "./integrate-values.js";
import type { ArraysOf, OdeProblem } from "./ode-problem.js";
import type { OdePrograms } from "./ode-programs.js";
import { placeProblem } from "./placed-problem.js";
import { messageOf, type Solution } from "./solution.js";
import { type CheckedOptions, checkedOptions, type SolveOptions } from "./solve-options.js";
import type { StepRecord } from "./step-records.js";

/**
 * Solves an initial value problem. Numerical failure is told by the solution's code, with how far it came.
 *
 * @throws RangeError or TypeError when an option is impossible or the field does not fit the state; TargetError and
 * TraceError when the target or the tracer cannot do what the field asks for.
 */
export function solve<Y, P>(problem: OdeProblem<Y, P>, options: SolveOptions<Y, P> = {}): Solution<Y> {
  const checked = checkedOptions(problem, options);
  const { ode, start, release } = placeProblem(problem, options, checked.componentTolerances);
  try {
    return surrendered(ode, problem, checked, solveValues(ode, start, checked));
  } finally {
    release();
  }
}

/** Solves step by step, as `solve` does: yields a record of every attempted step and returns the solution. */
export function* integrate<Y, P>(
  problem: OdeProblem<Y, P>,
  options: SolveOptions<Y, P> = {},
): Generator<StepRecord, Solution<Y>> {
  const checked = checkedOptions(problem, options);
  const { ode, start, release } = placeProblem(problem, options, checked.componentTolerances);
  try {
    return surrendered(ode, problem, checked, yield* integrateValues(ode, start, checked));
  } finally {
    release();
  }
}

/** A trajectory as its user sees it; its values are freed. */
function surrendered<Y, P>(
  ode: OdePrograms,
  problem: OdeProblem<Y, P>,
  options: CheckedOptions,
  trajectory: Trajectory,
): Solution<Y> {
  try {
    return solutionOf(ode, problem, options, trajectory);
  } finally {
    trajectory.release();
  }
}

/** A trajectory as its user sees it, with arrays in the place of values. */
export function solutionOf<Y, P>(
  { target }: OdePrograms,
  { y0 }: OdeProblem<Y, P>,
  { saveAt, dense, eventNames = [] }: CheckedOptions,
  { code, t, state, saved, dense: denseSteps, steps, stats, events }: Trajectory,
): Solution<Y> {
  const arraysOf = (values: readonly Value[]): NdArray[] => values.map((value) => target.get(value));
  const tree = (arrays: readonly NdArray[]) => buildTree(y0.structure, arrays) as ArraysOf<Y>;
  const y1 = arraysOf(state);
  const ys = saveAt ? saved : [state];
  const hosted = denseSteps.map(({ t, h, state, coefficients }): HostStep => {
    return { t, h, state: arraysOf(state), coefficients: arraysOf(coefficients) };
  });
  const output = dense ? hostDenseOutput(hosted, { t, state: y1 }) : undefined;
  return {
    code,
    message: messageOf(code, t, stats, target.precision),
    ts: saveAt ? Float64Array.from(saveAt.slice(0, saved.length)) : Float64Array.of(t),
    ys: tree(
      y0.arrays.map(({ shape }, leaf) =>
        stackedValues(
          target,
          shape,
          ys.map((values) => values[leaf]),
        ),
      ),
    ),
    y1: tree(y1),
    events: events.map(({ index, ...event }) => {
      return { index, name: eventNames[index], t: event.t, y: tree(arraysOf(event.state)) };
    }),
    stepTimes: stepTimesOf(steps, stats.accepted, t),
    at: (time) => {
      if (!output) throw new RangeError("solution.at: solve with the option dense: true to ask for any time");
      return tree(output(time));
    },
    steps,
    stats,
    precision: target.precision,
    target: target.name,
  };
}

/** Where each accepted step started, and where the last one ended. */
function stepTimesOf(steps: readonly StepRecord[], accepted: number, end: number): Float64Array {
  const times = new Float64Array(accepted + 1);
  let count = 0;
  for (const step of steps) if (step.accepted) times[count++] = step.t;
  times[count] = end;
  return times;
}
