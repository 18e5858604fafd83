import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../../src/compiler/nd-array.js";
import { Random } from "../../../src/compiler/random.js";
import { type ArrayTree, arrayTree } from "../../../src/solvers/ode/ode-problem.js";
import type { SdeSolution } from "../../../src/solvers/sde/sde-solution.js";
import { solveSde } from "../../../src/solvers/sde/solve-sde.js";
import { solveSdeVjp } from "../../../src/solvers/sde/solve-sde-vjp.js";
import { sosri } from "../../../src/solvers/sde/tableaux/sosri.js";
import { sosri2 } from "../../../src/solvers/sde/tableaux/sosri2.js";
import { derivativeAtZero } from "../../laws/directional-derivative.js";
import { neuralNoise, type Pair } from "./neural-noise.js";

const saveAt = [0, 0.13, 0.5, 0.5, 1];

const normal = (random: Random, { shape, data }: NdArray): NdArray =>
  ndArray(
    shape,
    Float64Array.from(data, () => random.normal()),
  );

const dot = (a: readonly NdArray[], b: readonly NdArray[]): number =>
  a
    .flatMap(({ data }, i) => Array.from(data, (value, j) => value * b[i].data[j]))
    .reduce((sum, product) => sum + product, 0);

const moved = ({ structure, arrays }: ArrayTree, by: readonly NdArray[], distance: number): ArrayTree => ({
  structure,
  arrays: arrays.map(({ shape, data }, k) =>
    ndArray(
      shape,
      Float64Array.from(data, (value, i) => value + distance * by[k].data[i]),
    ),
  ),
});

/** A loss of everything that a solution has: its end, saved states, and E and S of each accepted step. */
function randomLoss(solution: SdeSolution<Pair>, seed: number) {
  const random = new Random(seed);
  const like = (tree: SdeSolution<Pair>["y1"]) => {
    const { structure, arrays } = arrayTree(tree);
    return { structure, arrays: arrays.map((each) => normal(random, each)) };
  };
  const accepted = solution.steps.filter((step) => step.accepted);
  const perStep = () => Float64Array.from(accepted, () => random.normal());
  const [y1, ys, error, stiffness] = [like(solution.y1), like(solution.ys), perStep(), perStep()];
  const hasStiffness = !Number.isNaN(accepted[0].stiffness);
  const value = (of: SdeSolution<Pair>): number => {
    const steps = of.steps.filter((step) => step.accepted);
    const states = dot(arrayTree(of.y1).arrays, y1.arrays) + dot(arrayTree(of.ys).arrays, ys.arrays);
    const estimates = steps.map(
      (step, i) => step.error * error[i] + (hasStiffness ? step.stiffness * stiffness[i] : 0),
    );
    return estimates.reduce((sum, each) => sum + each, states);
  };
  return { value, y1, ys, error, stiffness: hasStiffness ? stiffness : undefined };
}

const treeOf = ({ structure, arrays }: ArrayTree): never => {
  const named = Object.fromEntries(structure.paths.map((path, i) => [path, arrays[i]]));
  return { position: named.position, speed: { value: named["speed.value"] } } as never;
};

describe.each([sosri, sosri2])("the gradient of an adaptive solve by $name", (method) => {
  const options = { method, saveAt, rtol: 0.02, atol: 0.02, firstStep: 0.3, target: "javascript" } as const;

  it("is the derivative of end, saved states, errors and stiffness at frozen steps and noise", () => {
    let rejected = 0;
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (problemSeed, seed) => {
        const problem = neuralNoise(problemSeed);
        const { solution, pullback, dispose } = solveSdeVjp(problem, { ...options, seed });
        rejected += solution.stats.rejected;
        const loss = randomLoss(solution, seed);
        const { y1, ys, error, stiffness } = loss;
        const gradients = pullback({ y1: treeOf(y1), ys: treeOf(ys), error, stiffness });
        dispose();
        const random = new Random(seed + 1);
        const direction = [problem.y0, problem.params].map(({ arrays }) =>
          arrays.map((each) => normal(random, each)),
        );
        const along = (distance: number): number => {
          const there = {
            ...problem,
            y0: moved(problem.y0, direction[0], distance),
            params: moved(problem.params, direction[1], distance),
          };
          const grid = [...solution.stepTimes.slice(1)];
          return loss.value(solveSde(there, { ...options, firstStep: undefined, grid, path: solution.path }));
        };
        const { value, uncertainty } = derivativeAtZero(along);
        const { y0, params } = gradients;
        const got = dot(arrayTree(y0).arrays, direction[0]) + dot(arrayTree(params).arrays, direction[1]);
        expect(got).toBeAllclose(value, { relative: 1e-7, absolute: 1e-8 + 10 * uncertainty });
      }),
      { numRuns: 12 },
    );
    expect(rejected).toBeGreaterThan(0);
  });

  it("is the same up to rounding however much is kept for it", () => {
    const problem = neuralNoise(5);
    const [none, some, all] = [0, 2000, undefined].map((residualBytes) => {
      const { solution, pullback, dispose } = solveSdeVjp(problem, { ...options, residualBytes });
      const { y1, ys, error, stiffness } = randomLoss(solution, 6);
      const { y0, params } = pullback({ y1: treeOf(y1), ys: treeOf(ys), error, stiffness });
      dispose();
      return [...arrayTree(y0).arrays, ...arrayTree(params).arrays];
    });
    for (const gradients of [some, all]) {
      gradients.forEach((each, i) => {
        expect(each).toBeAllclose(none[i], { relative: 1e-10, absolute: 1e-10 });
      });
    }
  });

  it("is the same every time, and that of a replay along the path", () => {
    const problem = neuralNoise(3);
    const first = solveSdeVjp(problem, { ...options, seed: 4 });
    const grid = [...first.solution.stepTimes.slice(1)];
    const replay = solveSdeVjp(problem, {
      ...options,
      firstStep: undefined,
      grid,
      path: first.solution.path,
    });
    const { y1, ys, error } = randomLoss(first.solution, 1);
    const [a, b, c] = [first, first, replay].map(({ pullback }) =>
      pullback({ y1: treeOf(y1), ys: treeOf(ys), error }),
    );
    first.dispose();
    replay.dispose();
    expect(b).toEqual(a);
    expect(replay.solution.ys).toEqual(first.solution.ys);
    expect(c).toEqual(a);
    expect(() => first.pullback({})).toThrow("the solve was disposed of");
  });
});
