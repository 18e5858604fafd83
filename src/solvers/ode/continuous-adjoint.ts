import { type ArrayLike, type NdArray, ndArray } from "../../compiler/nd-array.js";
import { sizeOf } from "../../compiler/shape.js";
import type { Value } from "../../compiler/targets/target.js";
import { buildTree, type Tree } from "../../compiler/tree.js";
import { type ForwardStep, sweepBackwards } from "./backward-sweep.js";
import { solveValues } from "./integrate-values.js";
import type { ArraysOf, OdeProblem } from "./ode-problem.js";
import { placeProblem } from "./placed-problem.js";
import type { ResultCode, Solution } from "./solution.js";
import { solutionOf, solve } from "./solve.js";
import { checkedOptions, type SolveOptions } from "./solve-options.js";
import type { SolutionCotangents, SolutionGradients } from "./solve-vjp.js";

/** Options of the adjoint's own solve. Tolerances by name are those of the state; all else gets their smallest number. */
export type BackwardOptions = Pick<
  SolveOptions,
  "method" | "rtol" | "atol" | "controller" | "minStep" | "maxStep" | "maxSteps"
>;

/** Options of `solveBacksolve`: those of `solve` without what may end a solve early. */
export interface BacksolveOptions extends Omit<SolveOptions, "events" | "stopWhenStiff"> {
  /** Where the backward solve is to differ from the forward one. @defaultValue nowhere */
  readonly backward?: BackwardOptions;
  /**
   * Where the backward solve has the state from: "backwards", from the field solved anew from the end, and from each saved
   * state, which needs no memory; or "interpolated", from the polynomials of the forward steps, which are kept.
   *
   * @defaultValue "backwards"
   */
  readonly state?: "backwards" | "interpolated";
}

/** Gradients by the adjoint equation, and what became of the solve that found them. */
export interface BacksolveGradients<Y = Tree<ArrayLike>, P = Tree<ArrayLike>>
  extends SolutionGradients<Y, P> {
  /** How the backward solve ended; unless with success, the gradients are NaN. */
  readonly code: ResultCode;
  /** Empty after success. */
  readonly message: string;
  /** Evaluations of the adjoint's field, each of which is one of the problem's with its pullback. */
  readonly nfe: number;
  /** The state at the start as the backward solve found it; exact where the state is interpolated. */
  readonly stateAtStart: ArraysOf<Y>;
}

/** A solution together with the continuous derivative. */
export interface SolveBacksolve<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> {
  readonly solution: Solution<Y>;
  /** Approximate gradients, by a solve of their own. May be called any number of times; there is nothing to dispose of. */
  pullback(cotangents: Pick<SolutionCotangents, "y1" | "ys">): BacksolveGradients<Y, P>;
}

/**
 * Solves, and differentiates by the adjoint equation: the continuous adjoint, or backsolve, of Chen et al. (NeurIPS 2018).
 * Its memory does not grow with the number of steps. Its gradients are those of the equation, not of the solve, right only
 * as far as both solves are; E and S have none. To train, take `solveVjp`; this is for comparison.
 *
 * @throws what `solve` throws; the pullback, TypeError for cotangents of E and S, and RangeError for those of wrong shape.
 */
export function solveBacksolve<Y, P>(
  problem: OdeProblem<Y, P>,
  options: BacksolveOptions = {},
): SolveBacksolve<Y, P> {
  const { solution, forwardSteps } = solveForwards(problem, options);
  const pullback = (cotangents: SolutionCotangents): BacksolveGradients<Y, P> => {
    refuseEstimates(cotangents);
    const { backward, state: _, ...forward } = options;
    const solving = { ...forward, ...backward };
    const adjoint = sweepBackwards({ problem, solution, forwardSteps, options: solving }, cotangents);
    const { code, message, nfe } = adjoint;
    const gradient = (arrays: readonly NdArray[]) => (code === "success" ? arrays : arrays.map(notANumber));
    return {
      y0: buildTree(problem.y0.structure, gradient(adjoint.cotangent)) as ArraysOf<Y>,
      params: buildTree(problem.params.structure, gradient(adjoint.gradient)) as ArraysOf<P>,
      code,
      message,
      nfe,
      stateAtStart: buildTree(problem.y0.structure, adjoint.state) as ArraysOf<Y>,
    };
  };
  return { solution, pullback };
}

function refuseEstimates({ error, stiffness }: SolutionCotangents): void {
  if (error === undefined && stiffness === undefined) return;
  const what = error ? "error" : "stiffness";
  throw new TypeError(
    `solveBacksolve: the ${what} estimates belong to the steps, of which the adjoint equation knows nothing; take solveVjp for their gradient`,
  );
}

/** The solution, and its steps' polynomials where they are wanted. */
function solveForwards<Y, P>(problem: OdeProblem<Y, P>, options: BacksolveOptions) {
  if (options.state !== "interpolated") return { solution: solve(problem, options), forwardSteps: undefined };
  const checked = { ...checkedOptions(problem, options), dense: true };
  const { ode, start, release } = placeProblem(problem, options, checked.componentTolerances);
  try {
    const trajectory = solveValues(ode, start, checked);
    const arrays = (values: readonly Value[]): NdArray[] => values.map((value) => ode.target.get(value));
    try {
      const forwardSteps = trajectory.dense.map(({ t, h, state, coefficients }): ForwardStep => {
        return { t, h, state: arrays(state), coefficients: arrays(coefficients) };
      });
      return { solution: solutionOf(ode, problem, checked, trajectory), forwardSteps };
    } finally {
      trajectory.release();
    }
  } finally {
    release();
  }
}

function notANumber({ shape }: NdArray): NdArray {
  return ndArray(shape, new Float64Array(sizeOf(shape)).fill(Number.NaN));
}
