import { entryOf, type NdArray } from "../../compiler/nd-array.js";
import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { buildTree } from "../../compiler/tree.js";
import type { ArraysOf } from "../ode/ode-problem.js";
import { cotangentArrays, type SolutionCotangents, type SolutionGradients } from "../ode/solve-vjp.js";
import type { Tolerances } from "../ode/step.js";
import { type PlacedSdeProblem, placeSdeProblem } from "./placed-sde-problem.js";
import { pullbackSdeTrajectory } from "./sde-adjoint.js";
import { solveSdeValues } from "./sde-integration.js";
import { checkedSdeOptions, type SdeOptions } from "./sde-options.js";
import type { SdeProblem } from "./sde-problem.js";
import type { SdeSolution } from "./sde-solution.js";
import type { SdeTrajectory } from "./sde-trajectory.js";
import { sdeSolutionOf } from "./solve-sde.js";

/** A solution along a path together with its derivative. */
export interface SolveSdeVjp<Y, P> {
  readonly solution: SdeSolution<Y>;
  /** Exact gradients of the steps that were taken, with their sizes and the noise held constant; any number of times. */
  pullback(cotangents: SolutionCotangents): SolutionGradients<Y, P>;
  /** Frees the tape; pullback cannot be called afterwards. */
  dispose(): void;
}

/**
 * Solves along one path and keeps what the gradient needs: of the final state, of saved states, and of the error and
 * stiffness estimate of each step.
 *
 * @throws what `solveSde` throws.
 */
export function solveSdeVjp<Y, P>(problem: SdeProblem<Y, P>, options: SdeOptions<Y> = {}): SolveSdeVjp<Y, P> {
  const checked = { ...checkedSdeOptions(problem, options), tape: true };
  const placed = placeSdeProblem(problem, options);
  let trajectory: SdeTrajectory | undefined;
  const dispose = (): void => {
    trajectory?.release();
    trajectory = undefined;
    placed.release();
  };
  try {
    trajectory = solveSdeValues(placed.sde, placed.start, checked);
    const solution = sdeSolutionOf(placed, problem, checked, trajectory);
    const pullback = (cotangents: SolutionCotangents): SolutionGradients<Y, P> => {
      if (!trajectory) throw new Error("pullback: the solve was disposed of; take its gradients before");
      return pullbackArrays(placed, problem, trajectory, checked, cotangents);
    };
    return { solution, pullback, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function pullbackArrays<Y, P>(
  { sde, start }: PlacedSdeProblem<Y>,
  { y0, params }: SdeProblem<Y, P>,
  trajectory: SdeTrajectory,
  tolerances: Tolerances,
  { y1, ys, error, stiffness }: SolutionCotangents,
): SolutionGradients<Y, P> {
  const { target } = sde;
  const scope = new ValueScope(target);
  const arrays = (values: readonly Value[]): NdArray[] => values.map((value) => target.get(value));
  try {
    const shapes = y0.arrays.map(({ shape }) => shape);
    const state = scope.put(cotangentArrays("y1", y0, shapes, y1));
    const stackedShapes = shapes.map((shape) => [trajectory.saved.length, ...shape]);
    const stacks = ys === undefined ? undefined : cotangentArrays("ys", y0, stackedShapes, ys);
    const saved =
      stacks && trajectory.saved.map((_, i) => scope.put(stacks.map((stack) => entryOf(stack, i))));
    const cotangents = { state, saved, error, stiffness };
    const gradients = pullbackSdeTrajectory(sde, start.params, trajectory, tolerances, cotangents);
    scope.own([...gradients.state, ...gradients.params]);
    return {
      y0: buildTree(y0.structure, arrays(gradients.state)) as ArraysOf<Y>,
      params: buildTree(params.structure, arrays(gradients.params)) as ArraysOf<P>,
    };
  } finally {
    scope.release();
  }
}
