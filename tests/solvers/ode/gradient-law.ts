import fc from "fast-check";
import { expect } from "vitest";
import { type ArrayLike, type NdArray, ndArray } from "../../../src/compiler/nd-array.js";
import type { Random } from "../../../src/compiler/random.js";
import { buildTree, type Tree } from "../../../src/compiler/tree.js";
import { type ArrayTree, arrayTree, type OdeProblem } from "../../../src/solvers/ode/ode-problem.js";
import type { Solution } from "../../../src/solvers/ode/solution.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { type SolutionCotangents, solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { derivativeAtZero } from "../../laws/directional-derivative.js";
import { normal } from "./neural-fields.js";

export const leaves = (tree: Tree<ArrayLike>): readonly NdArray[] => arrayTree(tree).arrays;

export function dot(a: readonly NdArray[], b: readonly NdArray[]): number {
  const products = a.flatMap(({ data }, i) => Array.from(data, (value, j) => value * b[i].data[j]));
  return products.reduce((sum, product) => sum + product, 0);
}

export function moved({ structure, arrays }: ArrayTree, by: readonly NdArray[], distance: number): ArrayTree {
  const data = (leaf: number) => arrays[leaf].data.map((value, i) => value + distance * by[leaf].data[i]);
  return { structure, arrays: arrays.map(({ shape }, leaf) => ndArray(shape, data(leaf))) };
}

/** Random times of a span in its direction, with both ends and one of them twice. */
export function saveTimes(random: Random, [t0, t1]: readonly [number, number]): number[] {
  const fractions = Array.from({ length: 4 }, () => random.uniform()).sort();
  return [0, ...fractions, fractions[3], 1].map((fraction) =>
    fraction === 1 ? t1 : t0 + fraction * (t1 - t0),
  );
}

/**
 * A random loss of everything a solve yields: weights of the end, of the saved states, of every E and of every S; like a sum over time, so that
 * a last step of no length, whose S is rounding over rounding, has no weight.
 */
export function randomCotangents(
  random: Random,
  problem: OdeProblem,
  { steps, ts }: Solution,
): SolutionCotangents {
  const accepted = steps.filter((step) => step.accepted);
  const perStep = () => Float64Array.from(accepted, ({ h }) => h * random.normal());
  const { structure, arrays } = problem.y0;
  const like = (lead: readonly number[]) =>
    buildTree(
      structure,
      arrays.map(({ shape }) => normal(random, [...lead, ...shape], 1)),
    );
  return {
    y1: like([]),
    ys: like([ts.length]),
    error: perStep(),
    stiffness: Number.isNaN(steps[0].stiffness) ? undefined : perStep(),
  };
}

export function lossOf(
  { y1 = [], ys = [], error, stiffness }: SolutionCotangents,
  solution: Solution,
): number {
  const accepted = solution.steps.filter((step) => step.accepted);
  return accepted.reduce(
    (sum, step, i) =>
      sum + (error ? step.error * error[i] : 0) + (stiffness ? step.stiffness * stiffness[i] : 0),
    dot(leaves(y1), leaves(solution.y1)) + dot(leaves(ys), leaves(solution.ys)),
  );
}

/**
 * Expects the gradient of a random loss of everything a solve yields to be its derivative along a random direction, by
 * differences of replays on the steps that were taken; skips where differences say nothing.
 *
 * @returns the solution at that point
 */
export function expectGradient(problem: OdeProblem, options: SolveOptions, random: Random): Solution {
  const saveAt = saveTimes(random, problem.span);
  const taped = solveVjp(problem, { ...options, saveAt });
  const cotangents = randomCotangents(random, problem, taped.solution);
  const gradients = taped.pullback(cotangents);
  taped.dispose();
  const along = (tree: ArrayTree) => tree.arrays.map(({ shape }) => normal(random, shape, 1));
  const [yDirection, pDirection] = [along(problem.y0), along(problem.params)];
  const grid = [...taped.solution.stepTimes.slice(1)];
  const lossAt = (distance: number): number => {
    const y0 = moved(problem.y0, yDirection, distance);
    const params = moved(problem.params, pDirection, distance);
    return lossOf(cotangents, solve({ ...problem, y0, params }, { ...options, saveAt, grid }));
  };
  const parts = [dot(leaves(gradients.y0), yDirection), dot(leaves(gradients.params), pDirection)];
  // relative to the larger part: the two may cancel
  const scale = Math.max(...parts.map(Math.abs));
  const { value, uncertainty } = derivativeAtZero(lossAt);
  // a kink of max(|y|, |y1|) or of E = |e| close by: there differences say nothing
  fc.pre(uncertainty < 2e-7 * scale);
  expect(parts[0] + parts[1]).toBeAllclose(value, { relative: 0, absolute: 1e-6 * scale });
  return taped.solution;
}
