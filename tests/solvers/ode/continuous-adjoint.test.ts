import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArrayLike } from "../../../src/compiler/nd-array.js";
import { Random } from "../../../src/compiler/random.js";
import { buildTree, type Tree } from "../../../src/compiler/tree.js";
import { autoSwitch } from "../../../src/solvers/ode/auto-switch.js";
import { type BacksolveOptions, solveBacksolve } from "../../../src/solvers/ode/continuous-adjoint.js";
import { arrayTree, type OdeProblem, odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import {
  type SolutionCotangents,
  type SolutionGradients,
  solveVjp,
} from "../../../src/solvers/ode/solve-vjp.js";
import { bosh3 } from "../../../src/solvers/tableaux/bosh3.js";
import { rk4 } from "../../../src/solvers/tableaux/rk4.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { vern7 } from "../../../src/solvers/tableaux/vern7.js";
import { neuralFields, neuralProblem, normal } from "./neural-fields.js";

const strict = { rtol: 1e-9, atol: 1e-9, target: "javascript" } as const;
const states = ["backwards", "interpolated"] as const;

const numbers = (tree: Tree<ArrayLike>): number[] =>
  arrayTree(tree).arrays.flatMap(({ data }) => Array.from(data));
const flat = ({ y0, params }: SolutionGradients): number[] => [...numbers(y0), ...numbers(params)];

/** The largest difference of two gradients over the largest entry of the second. */
function distance(a: SolutionGradients, b: SolutionGradients): number {
  const [first, second] = [flat(a), flat(b)];
  expect(first.length).toBe(second.length);
  const largest = Math.max(...second.map(Math.abs));
  return Math.max(...first.map((value, i) => Math.abs(value - second[i]))) / largest;
}

interface Loss {
  readonly saveAt: readonly number[];
  readonly cotangents: SolutionCotangents;
}

/** Random weights of the end and of states on the way, both ends among them and one time twice. */
function randomLoss(problem: OdeProblem, seed: number) {
  const random = new Random(seed);
  const [t0, t1] = problem.span;
  const at = random.uniform();
  const saveAt = [0, 0.3 * at, at, at, 1].map((part) => (part === 1 ? t1 : t0 + part * (t1 - t0)));
  const { structure, arrays } = problem.y0;
  const like = (lead: readonly number[]) =>
    buildTree(
      structure,
      arrays.map(({ shape }) => normal(random, [...lead, ...shape], 1)),
    );
  return { saveAt, cotangents: { y1: like([]), ys: like([saveAt.length]) } };
}

/** The discrete adjoint, which is exact for the steps that were taken. */
function discrete(problem: OdeProblem, options: BacksolveOptions, loss: Loss) {
  const taped = solveVjp(problem, { ...options, saveAt: loss.saveAt });
  const gradients = taped.pullback(loss.cotangents);
  taped.dispose();
  return gradients;
}

describe.each(states)("the continuous adjoint, the state %s", (state) => {
  it.each([tsit5, vern7])("is the discrete one as tolerances go to zero, by $name", (method) => {
    // without a polynomial of its own, a method's states within steps are less exact than its steps
    const within = method.dense ? 1e-6 : 1e-4;
    fc.assert(
      fc.property(neuralFields, fc.nat(), (network, seed) => {
        const problem = neuralProblem(network);
        const loss = randomLoss(problem, seed);
        const options = { ...strict, method };
        const { pullback } = solveBacksolve(problem, { ...options, saveAt: loss.saveAt, state });
        const gradients = pullback(loss.cotangents);
        expect(gradients.code).toBe("success");
        expect(distance(gradients, discrete(problem, options, loss))).toBeLessThan(within);
      }),
      { numRuns: 2 },
    );
  });

  it("comes nearer to it with every power of ten of the tolerances", () => {
    fc.assert(
      fc.property(neuralFields, fc.nat(), (network, seed) => {
        const problem = neuralProblem(network);
        const loss = randomLoss(problem, seed);
        const exact = discrete(problem, { ...strict, rtol: 1e-12, atol: 1e-12 }, loss);
        const distanceAt = (tolerance: number) => {
          const options = { ...strict, rtol: tolerance, atol: tolerance, saveAt: loss.saveAt, state };
          return distance(solveBacksolve(problem, options).pullback(loss.cotangents), exact);
        };
        for (const tolerance of [1e-4, 1e-7, 1e-10]) {
          expect(distanceAt(tolerance)).toBeLessThan(300 * tolerance);
        }
      }),
      { numRuns: 2 },
    );
  });

  it("is the matrix exponential's on an oscillator, from the parameters too", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        fc.double({ min: 0.5, max: 4, noNaN: true }),
        (frequency, end) => {
          const problem = odeProblem({
            field: (_, { x, v }, { w }) => ({ x: tf.mul(w, v), v: tf.mul(tf.neg(w), x) }),
            y0: { x: 1, v: 0 },
            span: [0, end],
            params: { w: frequency },
          });
          const { pullback } = solveBacksolve(problem, { ...strict, state });
          // x = cos(w t): its gradient by x and v at 0, and by w
          const { y0, params, stateAtStart } = pullback({ y1: { x: 1, v: 0 } });
          const phase = frequency * end;
          const wanted = [Math.cos(phase), Math.sin(phase), -end * Math.sin(phase)];
          expect([y0.x, y0.v, params.w].map(({ data }) => data[0])).toBeAllclose(wanted, {
            relative: 0,
            absolute: 1e-6,
          });
          expect(stateAtStart.x.data[0]).toBeAllclose(1, { relative: 1e-6 });
        },
      ),
      { numRuns: 6 },
    );
  });

  it("takes states saved within rounding of each other, and of a step's end", () => {
    const problem = neuralProblem({ paths: [""], shapes: [[2]], hidden: 3, span: [0, 1], seed: 3 });
    const grid = [0.3, 0.7, 1];
    const around = grid.slice(0, 2).flatMap((end) => [end * (1 - 2 ** -52), end, end * (1 + 2 ** -52)]);
    const { pullback } = solveBacksolve(problem, { ...strict, method: tsit5, grid, saveAt: around, state });
    const one = solveBacksolve(problem, { ...strict, method: tsit5, grid, saveAt: grid, state });
    const at = [1, 2];
    const several = pullback({ ys: around.map((_, i) => (i === 1 || i === 4 ? at : [0, 0])) });
    expect(several.code).toBe("success");
    expect(distance(several, one.pullback({ ys: [at, at, [0, 0]] }))).toBeLessThan(1e-12);
  });

  it("goes back over the grid of the solve", () => {
    const problem = neuralProblem({ paths: [""], shapes: [[2]], hidden: 3, span: [0, 1], seed: 3 });
    const grid = Array.from({ length: 64 }, (_, i) => (i + 1) / 64);
    const options = { ...strict, method: rk4, grid, state };
    const loss = randomLoss(problem, 1);
    const { pullback } = solveBacksolve(problem, { ...options, saveAt: loss.saveAt });
    const gradients = pullback({ y1: loss.cotangents.y1 });
    // without a slope that is carried over: four evaluations a step
    expect(gradients.nfe).toBe(4 * grid.length);
    const wanted = discrete(problem, options, { saveAt: [], cotangents: { y1: loss.cotangents.y1 } });
    expect(distance(gradients, wanted)).toBeLessThan(state === "backwards" ? 1e-6 : 1e-4);
  });

  it("can be solved by another method, and to other tolerances", () => {
    const problem = neuralProblem({ paths: ["a", "b"], shapes: [[2], []], hidden: 3, span: [0, 1], seed: 5 });
    const loss = randomLoss(problem, 2);
    const wanted = discrete(problem, strict, loss);
    for (const method of [bosh3, rosenbrock23]) {
      const backward = { method, rtol: 1e-6, atol: 1e-6 };
      const { pullback } = solveBacksolve(problem, { ...strict, saveAt: loss.saveAt, state, backward });
      const found = distance(pullback(loss.cotangents), wanted);
      expect(found).toBeLessThan(1e-3);
      expect(found).toBeGreaterThan(1e-9);
    }
  });

  it("needs neither parameters nor a field that depends on the state", () => {
    const problem = odeProblem({ field: (t) => tf.cos(t), y0: 0.5, span: [0, 2] });
    const { solution, pullback } = solveBacksolve(problem, { ...strict, state });
    const { y0, params } = pullback({ y1: 3 });
    expect(solution.y1).toBeAllclose(0.5 + Math.sin(2), { relative: 1e-7 });
    expect(y0).toBeAllclose(3, { relative: 1e-12 });
    expect(params).toEqual({});
  });

  it("is NaN, and says why, where the backward solve fails", () => {
    const problem = neuralProblem({ paths: [""], shapes: [[2]], hidden: 3, span: [0, 1], seed: 7 });
    const { pullback } = solveBacksolve(problem, {
      ...strict,
      state,
      backward: { rtol: 1e-13, maxSteps: 1 },
    });
    const gradients = pullback({ y1: [1, 1] });
    expect(gradients.code).toBe("maximumSteps");
    expect(gradients.message).not.toBe("");
    expect(flat(gradients).every(Number.isNaN)).toBe(true);
  });
});

describe("along a solve that changed its method", () => {
  it("the state is taken from the polynomials of both", () => {
    const problem = odeProblem({
      field: (_, { y, v }, { mu }) => ({
        y: v,
        v: tf.sub(tf.mul(mu, tf.mul(tf.sub(1, tf.square(y)), v)), y),
      }),
      y0: { y: 2, v: 0 },
      span: [0, 90],
      params: { mu: 100 },
    });
    const method = autoSwitch(tsit5, rosenbrock23);
    const options = { ...strict, rtol: 1e-7, atol: 1e-7, method };
    const cotangents = { y1: { y: 1, v: 0 } };
    const { solution, pullback } = solveBacksolve(problem, { ...options, state: "interpolated" });
    expect(new Set(solution.steps.map((step) => step.method)).size).toBe(2);
    const taped = solveVjp(problem, options);
    expect(distance(pullback(cotangents), taped.pullback(cotangents))).toBeLessThan(1e-2);
    taped.dispose();
  });
});

describe("where the past cannot be had back from the end", () => {
  const rate = 40;
  // y = exp(-rate t), of which nothing but rounding is left at the end
  const problem = odeProblem({
    field: (_, y, { rate }) => tf.neg(tf.mul(rate, y)),
    y0: 1,
    span: [0, 1],
    params: { rate },
  });
  const saveAt = [0.05, 1];
  const ys = [1, 0];
  // the gradient of y(0.05) by the rate
  const exact = -0.05 * Math.exp(-0.05 * rate);

  it("a state solved backwards is lost, and one from the forward steps is not", () => {
    const lost = solveBacksolve(problem, strict).pullback({ y1: 1 });
    expect(Math.abs(lost.stateAtStart.data[0] - 1)).toBeGreaterThan(1);
    const kept = solveBacksolve(problem, { ...strict, saveAt, state: "interpolated" }).pullback({ ys });
    expect(kept.stateAtStart).toBeAllclose(1, { relative: 1e-12 });
    expect(kept.params.rate).toBeAllclose(exact, { relative: 1e-5 });
  });
});

describe("wrong use of a continuous adjoint", () => {
  const problem = odeProblem({ field: (_, y) => tf.neg(y), y0: [1, 2], span: [0, 1] });
  const { pullback } = solveBacksolve(problem);

  it.each(["error", "stiffness"] as const)("a cotangent of the %s is refused in words", (name) => {
    const cotangents = { y1: [1, 1], [name]: Float64Array.of(1) };
    expect(() => pullback(cotangents)).toThrow(`${name} estimates belong to the steps`);
  });

  it("a cotangent must have the shape of what it is by", () => {
    expect(() => pullback({ y1: [1, 2, 3] })).toThrow("cotangent of y1 has shape [3]");
    expect(() => pullback({ ys: [1, 2] })).toThrow("cotangent of ys has shape [2]");
  });
});
