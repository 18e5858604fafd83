import { pullbackArrays, type SolutionCotangents, type SolutionGradients } from "../ode/solve-vjp.js";
import { placeSdeProblem } from "./placed-sde-problem.js";
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
      const { sde, start } = placed;
      const taped = trajectory;
      return pullbackArrays(sde.target, problem, taped, cotangents, (values) =>
        pullbackSdeTrajectory(sde, start.params, taped, checked, values),
      );
    };
    return { solution, pullback, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
