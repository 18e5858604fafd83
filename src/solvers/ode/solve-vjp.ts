import { type ArrayLike, array, entryOf, isArrayLike, type NdArray, zeros } from "../../compiler/nd-array.js";
import { type Shape, sameShape, shapeText } from "../../compiler/shape.js";
import type { Target, Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { buildTree, leafText, leavesOf, type Tree } from "../../compiler/tree.js";
import { type OdeGradients, pullbackTrajectory, type TrajectoryCotangents } from "./adjoint.js";
import { solveValues, type Trajectory } from "./integrate-values.js";
import type { ArraysOf, ArrayTree, OdeProblem } from "./ode-problem.js";
import { placeProblem } from "./placed-problem.js";
import type { Solution } from "./solution.js";
import { solutionOf } from "./solve.js";
import { checkedOptions, type SolveOptions } from "./solve-options.js";

/** Derivatives of a loss by what a solve yields, as arrays. */
export interface SolutionCotangents {
  /** By the state at the end. @defaultValue zeros */
  readonly y1?: Tree<ArrayLike>;
  /** By the saved states, with the solution's leading axis. @defaultValue zeros */
  readonly ys?: Tree<ArrayLike>;
  /** By E of each accepted step. @defaultValue zeros */
  readonly error?: Float64Array;
  /** By S of each accepted step. @defaultValue zeros */
  readonly stiffness?: Float64Array;
}

/** Gradients by the initial state and the parameters, under the problem's names. */
export interface SolutionGradients<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> {
  readonly y0: ArraysOf<Y>;
  readonly params: ArraysOf<P>;
}

/** A solution together with its derivative. */
export interface SolveVjp<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> {
  readonly solution: Solution<Y>;
  /** Exact gradients of the steps that were taken, with their sizes held constant. May be called any number of times. */
  pullback(cotangents: SolutionCotangents): SolutionGradients<Y, P>;
  /** Frees the tape; pullback cannot be called afterwards. */
  dispose(): void;
}

/**
 * Solves and keeps what the gradient needs: of the final state, and of the error and stiffness estimate of each step.
 * Where an event ends the solve, the final state is differentiated at that time, held constant.
 *
 * @throws what `solve` throws.
 */
export function solveVjp<Y, P>(problem: OdeProblem<Y, P>, options: SolveOptions<Y, P> = {}): SolveVjp<Y, P> {
  const checked = { ...checkedOptions(problem, options), tape: true };
  const placed = placeProblem(problem, options, checked.componentTolerances);
  let trajectory: Trajectory | undefined;
  const dispose = (): void => {
    trajectory?.release();
    trajectory = undefined;
    placed.release();
  };
  try {
    trajectory = solveValues(placed.ode, placed.start, checked);
    const solution = solutionOf(placed.ode, problem, checked, trajectory);
    const pullback = (cotangents: SolutionCotangents): SolutionGradients<Y, P> => {
      if (!trajectory) throw new Error("pullback: the solve was disposed of; take its gradients before");
      const { ode, start } = placed;
      const taped = trajectory;
      return pullbackArrays(ode.target, problem, taped, cotangents, (values) =>
        pullbackTrajectory(ode, start.params, taped, checked, values),
      );
    };
    return { solution, pullback, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Sweeps a tape, of whatever kind of equation, with arrays for values: cotangents of its solution to gradients. */
export function pullbackArrays<Y, P>(
  target: Target,
  { y0, params }: { readonly y0: ArrayTree; readonly params: ArrayTree },
  { saved: { length: count } }: { readonly saved: readonly unknown[] },
  { y1, ys, error, stiffness }: SolutionCotangents,
  sweep: (cotangents: TrajectoryCotangents) => OdeGradients,
): SolutionGradients<Y, P> {
  const scope = new ValueScope(target);
  const arrays = (values: readonly Value[]): NdArray[] => values.map((value) => target.get(value));
  try {
    const shapes = y0.arrays.map(({ shape }) => shape);
    const state = scope.put(cotangentArrays("y1", y0, shapes, y1));
    const stackShapes = shapes.map((shape) => [count, ...shape]);
    const stacks = ys === undefined ? undefined : cotangentArrays("ys", y0, stackShapes, ys);
    const entriesAt = (i: number): NdArray[] => (stacks ?? []).map((stack) => entryOf(stack, i));
    const saved = stacks && Array.from({ length: count }, (_, i) => scope.put(entriesAt(i)));
    const gradients = sweep({ state, saved, error, stiffness });
    scope.own([...gradients.state, ...gradients.params]);
    return {
      y0: buildTree(y0.structure, arrays(gradients.state)) as ArraysOf<Y>,
      params: buildTree(params.structure, arrays(gradients.params)) as ArraysOf<P>,
    };
  } finally {
    scope.release();
  }
}

/** The leaves of a cotangent, zeros if it is left out. */
export function cotangentArrays(
  name: "y1" | "ys",
  { structure }: ArrayTree,
  shapes: readonly Shape[],
  cotangent: Tree<ArrayLike> | undefined,
): NdArray[] {
  if (cotangent === undefined) return shapes.map(zeros);
  return leavesOf(cotangent, structure, isArrayLike, `the cotangent of ${name}`).map((leaf, i) => {
    const given = array(leaf);
    if (sameShape(given.shape, shapes[i])) return given;
    throw new RangeError(
      `the cotangent of ${name} has shape ${shapeText(given.shape)} for the state ${leafText(structure.paths[i])} ` +
        `of shape ${shapeText(shapes[i])}; a derivative must have the shape of what it is by`,
    );
  });
}
