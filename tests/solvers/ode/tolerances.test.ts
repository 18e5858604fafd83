import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArrayLike, type NdArray, ndArray } from "../../../src/compiler/nd-array.js";
import { Random } from "../../../src/compiler/random.js";
import { sizeOf } from "../../../src/compiler/shape.js";
import { buildTree, flattenTree, type Tree } from "../../../src/compiler/tree.js";
import { autoSwitch } from "../../../src/solvers/ode/auto-switch.js";
import { solveBacksolve } from "../../../src/solvers/ode/continuous-adjoint.js";
import { type OdeProblem, odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { heun } from "../../../src/solvers/tableaux/heun.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { allTargets } from "../../laws/programs.js";
import { expectGradient, leaves } from "./gradient-law.js";
import { neuralFields, neuralProblem } from "./neural-fields.js";
import { stiffInTheMiddle } from "./stiff-problems.js";

/** Numbers by the names and in the shapes of a problem's state. */
function likeState({ y0 }: OdeProblem, numberAt: (leaf: number, i: number) => number): Tree<NdArray> {
  const arrays = y0.arrays.map(({ shape }, leaf) =>
    ndArray(
      shape,
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => numberAt(leaf, i)),
    ),
  );
  return buildTree(y0.structure, arrays);
}

const numbers = (tree: unknown): number[] =>
  leaves(tree as Tree<NdArray>).flatMap(({ data }) => Array.from(data));

/** y' = (y, 10 (y - z)), of which the second component is what a loose tolerance is for. */
const twoScales = (atol: Tree<ArrayLike>, steers = true) => {
  const problem = odeProblem({
    field: (t, { a, b }, { rate }) => ({
      a: tf.mul(tf.neg(a), rate),
      b: tf.mul(20, tf.sub(tf.sin(tf.mul(9, t)), b)),
    }),
    y0: { a: [1, 2], b: [3, 4] },
    params: { rate: 1 },
    span: [0, 2],
    steers: { b: steers },
  });
  return [problem, { atol, rtol: 1e-5 }] as const;
};

describe("tolerances by component", () => {
  it.each([tsit5, rosenbrock23])("that are all the same are one number, by $name", (method) => {
    fc.assert(
      fc.property(neuralFields, (network) => {
        const problem = neuralProblem(network);
        const given = { method, target: "javascript", saveAt: [], dense: true } as const;
        const [rtol, atol] = [likeState(problem, () => 1e-4), likeState(problem, () => 1e-6)];
        const one = solveVjp(problem, { ...given, rtol: 1e-4, atol: 1e-6 });
        const each = [
          { rtol, atol },
          { rtol: 1e-4, atol },
          { rtol, atol: 1e-6 },
        ].map((tolerances) => solveVjp(problem, { ...given, ...tolerances }));
        const { steps, stats, y1 } = one.solution;
        const cotangents = { error: Float64Array.from({ length: stats.accepted }, (_, i) => i + 1), y1 };
        for (const { solution, pullback, dispose } of each) {
          expect(solution.steps).toEqual(steps);
          expect(solution.stats).toEqual(stats);
          expect(solution.y1).toEqual(y1);
          const gradients = pullback(cotangents);
          const wanted = one.pullback(cotangents);
          expect(numbers(gradients.y0)).toBeAllclose(numbers(wanted.y0), { absolute: 1e-9 });
          expect(numbers(gradients.params)).toBeAllclose(numbers(wanted.params), { absolute: 1e-9 });
          dispose();
        }
        one.dispose();
      }),
      { numRuns: 4 },
    );
  });

  it("follow the units of the components: in other ones, the same steps", () => {
    fc.assert(
      fc.property(neuralFields, fc.nat(), (network, seed) => {
        const problem = neuralProblem(network);
        const random = new Random(seed);
        const tolerance = () => likeState(problem, () => 10 ** (-2 - 6 * random.uniform()));
        const [rtol, atol] = [tolerance(), tolerance()];
        // powers of two, so that nothing is rounded
        const units = likeState(problem, () => 2 ** Math.floor(10 * random.normal()));
        const one = solve(problem, { rtol, atol, target: "javascript" });
        const other = solve(inUnits(problem, leaves(units)), {
          rtol,
          atol: buildTree(problem.y0.structure, products(leaves(atol), leaves(units))),
          target: "javascript",
        });
        const norms = ({ steps }: typeof one) => steps.map(({ stiffness, ...record }) => record);
        expect(norms(other)).toEqual(norms(one));
        expect(leaves(other.y1)).toEqual(products(leaves(one.y1), leaves(units)));
      }),
      { numRuns: 20 },
    );
  });

  it("that are infinite make a component count as without error, and leave all else as it is", () => {
    const grid = [0.5, 1, 1.5, 2];
    const [problem, tolerances] = twoScales({ a: 1e-6, b: Number.POSITIVE_INFINITY });
    const [half] = twoScales(1e-6, false);
    const all = solve(problem, { ...tolerances, grid });
    const steering = solve(half, { ...tolerances, atol: 1e-6, grid });
    const errors = ({ steps }: { steps: typeof all.steps }) => steps.map(({ error }) => error);
    expect(errors(all)).toBeAllclose(errors(steering).map((error) => error / Math.SQRT2));
    // and are looser than any other: 2 of 4 components choose the steps
    expect(solve(problem, tolerances).stats.accepted).toBeLessThan(
      solve(problem, { ...tolerances, atol: { a: 1e-6, b: 1e-3 } }).stats.accepted,
    );
  });

  it.each([heun, tsit5, rosenbrock23])("have gradients, infinite ones too, by $name", (method) => {
    fc.assert(
      fc.property(neuralFields, fc.nat(), (network, seed) => {
        const problem = neuralProblem(network);
        const random = new Random(seed);
        const rtol = likeState(problem, () => 10 ** (-1 - 3 * random.uniform()));
        // the first component alone is always watched
        const atol = likeState(problem, (leaf, i) =>
          leaf + i > 0 && random.uniform() < 0.3
            ? Number.POSITIVE_INFINITY
            : 10 ** (-2 - 3 * random.uniform()),
        );
        const options = { method, rtol, atol, firstStep: 0.4, target: "javascript" } as const;
        expectGradient(problem, options, new Random(seed));
      }),
      { numRuns: 8, maxSkipsPerRun: 0.25 },
    );
  });

  it.each(["backwards", "interpolated"] as const)("have gradients by the adjoint equation, %s", (state) => {
    const [problem, tolerances] = twoScales({ a: [1e-9, 1e-10], b: 1e-8 });
    const y1 = { a: [1, 2], b: [3, 4] };
    const options = { ...tolerances, rtol: { a: 1e-9, b: [1e-7, 1e-8] } };
    const discrete = solveVjp(problem, options);
    const exact = discrete.pullback({ y1 });
    discrete.dispose();
    const found = solveBacksolve(problem, { ...options, state }).pullback({ y1 });
    expect(found.code).toBe("success");
    expect(numbers(found.y0)).toBeAllclose(numbers(exact.y0), { relative: 1e-5, absolute: 1e-6 });
    expect(numbers(found.params)).toBeAllclose(numbers(exact.params), { relative: 1e-5 });
  });

  it("guide switches and find events as one number does", () => {
    const problem = stiffInTheMiddle();
    const options = {
      method: autoSwitch(tsit5, rosenbrock23),
      events: [{ when: (_: unknown, y: tf.Tensor) => tf.min(y) }],
      target: "javascript",
    } as const;
    const one = solve(problem, { ...options, rtol: 1e-5, atol: 1e-6 });
    const each = solve(problem, { ...options, rtol: [1e-5], atol: [1e-6, 1e-6] });
    expect(each.steps).toEqual(one.steps);
    expect(each.events).toEqual(one.events);
    expect(one.events.length).toBeGreaterThan(0);
    const tight = solve(problem, { ...options, rtol: [1e-7, 1e-5], atol: [1e-8, 1e-6] });
    expect(tight.stats.accepted).toBeGreaterThan(one.stats.accepted);
  });

  it.each(allTargets)("are the same on $name in $precision", (target) => {
    const [problem, tolerances] = twoScales({ a: [1e-3, 1e-4], b: [Number.POSITIVE_INFINITY, 1e-3] });
    const options = { ...tolerances, rtol: 1e-3, grid: [0.5, 1, 1.5, 2] };
    const reference = solve(problem, { ...options, target: "javascript" });
    const { steps, code } = solve(problem, { ...options, target, precision: target.precision });
    expect(code).toBe("success");
    expect(steps.map(({ error }) => error)).toBeAllclose(
      reference.steps.map(({ error }) => error),
      { relative: 1e-2 },
    );
  });

  it("are told apart from solve to solve", () => {
    const accepted = (atol: Tree<ArrayLike>) => solve(...twoScales(atol)).stats.accepted;
    const [tight, loose] = [
      { a: 1e-9, b: 1e-9 },
      { a: 1e-9, b: 1e-2 },
    ];
    expect(accepted(loose)).toBeLessThan(accepted(tight));
    expect(accepted(tight)).toBe(accepted(1e-9));
  });
});

function products(a: readonly NdArray[], b: readonly NdArray[]): NdArray[] {
  return a.map(({ shape, data }, leaf) =>
    ndArray(
      shape,
      data.map((value, i) => value * b[leaf].data[i]),
    ),
  );
}

/** A problem whose components are so many times what they were. */
function inUnits(problem: OdeProblem, units: readonly NdArray[]): OdeProblem {
  const { structure, arrays } = problem.y0;
  const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
  const tensors = () => units.map(({ shape, data }) => tf.tensor(Array.from(data), [...shape]));
  const convert = (tree: Tree<tf.Tensor>, by: (x: tf.Tensor, unit: tf.Tensor) => tf.Tensor) => {
    const factors = tensors();
    return buildTree(
      structure,
      flattenTree(tree, isTensor).leaves.map((leaf, i) => by(leaf, factors[i])),
    );
  };
  return {
    ...problem,
    y0: { structure, arrays: products(arrays, units) },
    field: (t, y, p) => convert(problem.field(t, convert(y, tf.div), p), tf.mul),
  };
}
