import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "../../../../src/compiler/nd-array.js";
import { Random } from "../../../../src/compiler/random.js";
import type { LanesSolution } from "../../../../src/solvers/ode/lanes/lanes-solution.js";
import { solveLanesVjp } from "../../../../src/solvers/ode/lanes/solve-lanes-vjp.js";
import { type OdeProblem, odeProblem } from "../../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../../src/solvers/ode/rosenbrock23.js";
import { solve } from "../../../../src/solvers/ode/solve.js";
import { type SolutionCotangents, solveVjp } from "../../../../src/solvers/ode/solve-vjp.js";
import { bosh3 } from "../../../../src/solvers/tableaux/bosh3.js";
import { heun } from "../../../../src/solvers/tableaux/heun.js";
import { tsit5 } from "../../../../src/solvers/tableaux/tsit5.js";
import { countingTarget } from "../../../laws/counting-target.js";
import { derivativeAtZero } from "../../../laws/directional-derivative.js";
import { allTargets } from "../../../laws/programs.js";
import { dot, leaves, lossOf, moved, randomCotangents, saveTimes } from "../gradient-law.js";
import { normal } from "../neural-fields.js";
import { alone, laneProblem, samples } from "./lane-problems.js";

const tolerances = { rtol: 1e-3, atol: 1e-4 } as const;

const numbers = (tree: unknown): number[] => leaves(tree as never).flatMap(({ data }) => Array.from(data));

const sumOf = (parts: readonly number[][]): number[] =>
  parts.reduce((sum, part) => sum.map((value, i) => value + part[i]));

/** Random cotangents of all that each sample yields, in the shapes of samples, and in those of rows. */
function cotangentsOf(random: Random, problem: OdeProblem, { lanes }: LanesSolution) {
  const ofSamples = alone(problem).map((sample, i) => randomCotangents(random, sample, lanes[i]));
  const ofRows = ofSamples.map(({ y1, ys, ...rest }, i) => {
    return { ...rest, y1: likeRow(y1, lanes[i].y1), ys: likeRow(ys, lanes[i].ys) };
  });
  return { ofSamples, ofRows };
}

describe.each([heun, tsit5, rosenbrock23])("the gradient of lanes by $name", (method) => {
  it("is that of the samples one by one, summed for the parameters", () => {
    fc.assert(
      fc.property(samples, (given) => {
        const problem = laneProblem(given);
        const random = new Random(given.seed);
        const jump = (problem.span[0] + problem.span[1]) / 2;
        const saveAt = saveTimes(random, problem.span);
        const options = { ...tolerances, method, target: "javascript", saveAt, jumpTimes: [jump] } as const;
        const taped = solveLanesVjp(problem, options);
        const { ofSamples, ofRows } = cotangentsOf(random, problem, taped.solution);
        const found = taped.pullback(ofRows);
        expect(taped.pullback(ofRows)).toEqual(found);
        taped.dispose();
        const wanted = alone(problem).map((sample, i) => {
          const single = solveVjp(sample, options);
          const gradients = single.pullback(ofSamples[i]);
          single.dispose();
          return gradients;
        });
        const allowed = { relative: 1e-7, absolute: 1e-7 };
        expect(numbers(found.params)).toBeAllclose(
          sumOf(wanted.map(({ params }) => numbers(params))),
          allowed,
        );
        leaves(found.y0 as never).forEach(({ data, shape }, leaf) => {
          expect(shape).toEqual(problem.y0.arrays[leaf].shape);
          const rows = wanted.flatMap(({ y0 }) => Array.from(leaves(y0)[leaf].data));
          expect(Array.from(data)).toBeAllclose(rows, allowed);
        });
      }),
      { numRuns: 3 },
    );
  });
});

describe("the gradient of lanes", () => {
  it("is the derivative of a loss of everything that lanes yield, at the steps of each", () => {
    fc.assert(
      fc.property(samples, (given) => {
        const problem = laneProblem(given);
        const random = new Random(given.seed);
        const options = {
          ...tolerances,
          target: "javascript",
          saveAt: saveTimes(random, problem.span),
        } as const;
        const taped = solveLanesVjp(problem, options);
        const { ofSamples, ofRows } = cotangentsOf(random, problem, taped.solution);
        const { y0, params } = taped.pullback(ofRows);
        taped.dispose();
        const along = ({ arrays }: OdeProblem["y0"]) => arrays.map(({ shape }) => normal(random, shape, 1));
        const [yDirection, pDirection] = [along(problem.y0), along(problem.params)];
        const lossAt = (distance: number): number => {
          const there = {
            ...problem,
            y0: moved(problem.y0, yDirection, distance),
            params: moved(problem.params, pDirection, distance),
          };
          return alone(there).reduce((sum, sample, i) => {
            const grid = [...taped.solution.lanes[i].stepTimes.slice(1)];
            return sum + lossOf(ofSamples[i], solve(sample, { ...options, grid }));
          }, 0);
        };
        const parts = [dot(leaves(y0 as never), yDirection), dot(leaves(params as never), pDirection)];
        const scale = Math.max(...parts.map(Math.abs));
        const { value, uncertainty } = derivativeAtZero(lossAt);
        // a kink of max(|y|, |y1|) or of E = |e| close by: there differences say nothing
        fc.pre(uncertainty < 2e-7 * scale);
        expect(parts[0] + parts[1]).toBeAllclose(value, { relative: 0, absolute: 1e-6 * scale });
      }),
      { numRuns: 3 },
    );
  });

  it.each(allTargets)("is the same on $name in $precision", (target) => {
    const problem = laneProblem({ lanes: 3, span: [0, 1], seed: 5 });
    const options = { rtol: 1e-2, atol: 1e-3, saveAt: [0, 0.3, 1], method: bosh3 } as const;
    const gradients = (where: object) => {
      const taped = solveLanesVjp(problem, { ...options, ...where });
      const cotangents = taped.solution.lanes.map((lane): SolutionCotangents => {
        const { accepted } = lane.stats;
        return { y1: lane.y1, ys: lane.ys, error: new Float64Array(accepted).fill(1e-2) };
      });
      const found = taped.pullback(cotangents);
      taped.dispose();
      return [...numbers(found.y0), ...numbers(found.params)];
    };
    const wanted = gradients({ target: "javascript" });
    const scale = Math.max(...wanted.map(Math.abs));
    expect(gradients({ target, precision: target.precision })).toBeAllclose(wanted, {
      relative: 0,
      absolute: (target.precision === "float64" ? 1e-8 : 2e-3) * scale,
    });
  });

  it("stays clean where other lanes fail, at their start or on their way", () => {
    const problem = odeProblem({
      field: (_, { y, root }, { a }) => ({ y: tf.mul(a, tf.square(y)), root: tf.sqrt(tf.sub(a, root)) }),
      y0: { y: [[0.5], [2], [0.1]], root: [[0], [0.5], [2]] },
      params: { a: 1 },
      span: [0, 1],
    });
    const taped = solveLanesVjp(problem, tolerances);
    expect(taped.solution.lanes.map(({ code }) => code)).toEqual(["success", "stepUnderflow", "nonFinite"]);
    const y1 = { y: [1], root: [1] };
    const found = taped.pullback([{ y1 }, {}, { y1 }]);
    taped.dispose();
    const [sample] = alone(problem as never);
    const single = solveVjp(sample, tolerances);
    const wanted = single.pullback({ y1: { y: [[1]], root: [[1]] } });
    single.dispose();
    expect(numbers(found.params)).toBeAllclose(numbers(wanted.params));
    expect(Array.from(found.y0.y.data)).toBeAllclose([...numbers((wanted.y0 as { y: NdArray }).y), 0, 1]);
  });

  it("frees all that it takes", () => {
    const target = countingTarget();
    const problem = laneProblem({ lanes: 3, span: [0, 1], seed: 5 });
    const options = { ...tolerances, target, saveAt: [0, 0.2, 0.3, 1], jumpTimes: [0.5] };
    for (const each of [options, { ...options, method: heun }]) {
      const taped = solveLanesVjp(problem, each);
      const cotangents = taped.solution.lanes.map(({ y1, ys }) => ({ y1, ys }));
      const held = target.values;
      taped.pullback(cotangents);
      expect(target.values).toBe(held);
      taped.dispose();
      taped.dispose();
      expect(target.values).toBe(0);
      expect(() => taped.pullback(cotangents)).toThrow("pullback: the solve was disposed of");
    }
  });
});

/** Arrays in the shapes of a tree, which lacks an axis of length 1. */
function likeRow(tree: unknown, shapes: unknown): Record<string, NdArray> {
  const named = tree as Record<string, NdArray>;
  const like = shapes as Record<string, NdArray>;
  return Object.fromEntries(
    Object.entries(named).map(([name, { data }]) => [name, { shape: like[name].shape, data }]),
  );
}
