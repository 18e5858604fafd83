import { ndArray } from "../../../compiler/nd-array.js";
import { ValueScope } from "../../../compiler/targets/value-scope.js";
import { buildTree } from "../../../compiler/tree.js";
import type { ArraysOf, OdeProblem } from "../ode-problem.js";
import { cotangentArrays, type SolutionCotangents, type SolutionGradients } from "../solve-vjp.js";
import type { Tolerances } from "../step.js";
import { checkedLaneOptions, type LaneOptions } from "./lane-options.js";
import { type LaneResultCotangents, pullbackLanes } from "./lanes-adjoint.js";
import { LanesIntegration, type LanesTrajectory } from "./lanes-integration.js";
import { type LanesSolution, lanesSolution } from "./lanes-solution.js";
import { type PlacedLanes, placeLanes } from "./placed-lanes.js";

/** Solved samples together with their derivative. */
export interface SolveLanesVjp<Y, P> {
  readonly solution: LanesSolution<Y>;
  /**
   * Exact gradients of the steps that each lane took, with their sizes held constant: those of y0 with a row for each lane,
   * those of the parameters summed over the lanes. May be called any number of times.
   *
   * @param cotangents one for each lane, as `solveVjp` takes them for its solution
   */
  pullback(cotangents: readonly SolutionCotangents[]): SolutionGradients<Y, P>;
  /** Frees the tape; pullback cannot be called afterwards. */
  dispose(): void;
}

/**
 * Solves each row of y0 as `solveLanes` does, and keeps what the gradient needs. What its pullback would compute again is not
 * kept.
 *
 * @throws what `solveLanes` throws.
 */
export function solveLanesVjp<Y, P>(
  problem: OdeProblem<Y, P>,
  options: LaneOptions = {},
): SolveLanesVjp<Y, P> {
  const { shared, lanes } = checkedLaneOptions(problem, options);
  const placed = placeLanes(problem, { ...options, saveAt: undefined }, shared.componentTolerances);
  const scope = new ValueScope(placed.programs.target);
  let isDisposed = false;
  const dispose = (): void => {
    isDisposed = true;
    scope.release();
    placed.release();
  };
  try {
    const taped = { ...shared, tape: true };
    const trajectory = new LanesIntegration(placed.programs, placed.start, taped, scope, lanes).run();
    const solution = lanesSolution(placed.programs, problem, lanes, trajectory);
    const pullback = (cotangents: readonly SolutionCotangents[]): SolutionGradients<Y, P> => {
      if (isDisposed) throw new Error("pullback: the solve was disposed of; take its gradients before");
      return pullbackArrays(placed, problem, trajectory, shared, cotangents);
    };
    return { solution, pullback, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function pullbackArrays<Y, P>(
  { programs, start }: PlacedLanes,
  problem: OdeProblem<Y, P>,
  trajectory: LanesTrajectory,
  tolerances: Tolerances,
  cotangents: readonly SolutionCotangents[],
): SolutionGradients<Y, P> {
  const { results } = trajectory;
  if (cotangents.length !== results.length) {
    throw new RangeError(
      `pullback: needs one entry of cotangents for each of ${results.length} lanes, got ${cotangents.length}`,
    );
  }
  const ofLanes = cotangents.map((each, lane) => laneCotangents(problem, trajectory, lane, each));
  const { state, params } = pullbackLanes(programs, start.params, trajectory, tolerances, ofLanes);
  const gradients = state.map(({ data }, leaf) => ndArray(problem.y0.arrays[leaf].shape, data));
  return {
    y0: buildTree(problem.y0.structure, gradients) as ArraysOf<Y>,
    params: buildTree(problem.params.structure, params) as ArraysOf<P>,
  };
}

function laneCotangents(
  { y0 }: Pick<OdeProblem, "y0">,
  { results }: LanesTrajectory,
  lane: number,
  { y1, ys, error, stiffness }: SolutionCotangents,
): LaneResultCotangents {
  const {
    saved,
    lane: { acceptedSteps },
  } = results[lane];
  for (const [name, given] of Object.entries({ error, stiffness })) {
    if (given === undefined || given.length === acceptedSteps) continue;
    throw new RangeError(
      `pullback: the cotangents of lane ${lane}'s ${name} need one number per accepted step, ${acceptedSteps}, got ${given.length}`,
    );
  }
  const shapes = y0.arrays.map(({ shape }) => shape.slice(1));
  const count = saved[0].shape[0];
  const stackShapes = shapes.map((shape) => [count, ...shape]);
  const stacks = ys === undefined ? undefined : cotangentArrays("ys", y0, stackShapes, ys);
  return { state: cotangentArrays("y1", y0, shapes, y1), saved: stacks, error, stiffness };
}
