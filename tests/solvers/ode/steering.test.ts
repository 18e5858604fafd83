import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "../../../src/compiler/nd-array.js";
import { Random } from "../../../src/compiler/random.js";
import { buildTree, flattenTree, type Tree } from "../../../src/compiler/tree.js";
import { autoSwitch } from "../../../src/solvers/ode/auto-switch.js";
import { solveBacksolve } from "../../../src/solvers/ode/continuous-adjoint.js";
import { type OdeProblem, odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { allTargets } from "../../laws/programs.js";
import { adaptiveMethods, representativeMethods } from "../tableaux/methods.js";
import { expectGradient, leaves } from "./gradient-law.js";
import { neuralFields, neuralProblem } from "./neural-fields.js";
import { stiffInTheMiddle, switchesOf } from "./stiff-problems.js";

type State = { system: Tree<tf.Tensor>; square: { before: tf.Tensor; after: tf.Tensor } };

/** A problem with d|y|^2/dt, twice, to be integrated beside it: before the leaves of its state, and after them. */
function withIntegrals({ field, y0, params, span }: OdeProblem, steers: boolean): OdeProblem {
  const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
  return odeProblem({
    field: (t, y, p) => {
      const { system } = y as unknown as State;
      const slope = field(t, system, p as unknown as Tree<tf.Tensor>);
      const [at, along] = [system, slope].map((tree) => flattenTree(tree, isTensor).leaves);
      const rates = at.map((leaf, i) => tf.mul(2, tf.sum(tf.mul(leaf, along[i]))));
      const rate = rates.reduce((sum, each) => tf.add(sum, each));
      return { integrals: { before: rate }, system: slope, last: tf.mul(rate, [1, -1000]) } as never;
    },
    y0: { integrals: { before: 0 }, system: buildTree(y0.structure, y0.arrays), last: [3, 0] },
    params: buildTree(params.structure, params.arrays) as Record<string, NdArray>,
    span,
    steers: { integrals: steers, last: steers },
  }) as unknown as OdeProblem;
}

const numbers = (tree: unknown): number[] =>
  leaves(tree as Tree<NdArray>).flatMap(({ data }) => Array.from(data));
const squareOf = (tree: unknown): number => numbers(tree).reduce((sum, value) => sum + value * value, 0);

describe("a leaf that does not steer", () => {
  it.each(adaptiveMethods)(
    "leaves every record, state and count by $name exactly as without it",
    (method) => {
      fc.assert(
        fc.property(neuralFields, (network) => {
          const options = { method, rtol: 1e-4, atol: 1e-5, target: "javascript" } as const;
          const problem = neuralProblem(network);
          const alone = solve(problem, options);
          const beside = solve(withIntegrals(problem, false), options);
          expect(beside.steps).toEqual(alone.steps);
          expect(beside.stats).toEqual(alone.stats);
          expect((beside.y1 as { system: unknown }).system).toEqual(alone.y1);
        }),
        { numRuns: 8 },
      );
    },
  );

  it.each([rosenbrock23, autoSwitch(representativeMethods[2], rosenbrock23)])(
    "leaves the steps of $name as without it, up to the rounding of a larger linear system",
    (method) => {
      const problem = stiffInTheMiddle();
      const options = { method, rtol: 1e-5, atol: 1e-6, target: "javascript" } as const;
      const alone = solve(problem, options);
      const beside = solve(withIntegrals(problem as unknown as OdeProblem, false), options);
      expect(beside.stats).toEqual(alone.stats);
      expect(switchesOf(beside)).toBe(switchesOf(alone));
      for (const part of ["t", "h", "error", "stiffness"] as const) {
        const of = ({ steps }: Pick<typeof alone, "steps">) => steps.map((step) => step[part]);
        expect(of(beside)).toBeAllclose(of(alone), { relative: 1e-5, absolute: 1e-6 });
      }
      expect(numbers(beside.y1)[0]).toBeAllclose(squareOf(alone.y1) - squareOf(problem.y0.arrays[0]), {
        absolute: 1e-3,
      });
    },
  );

  it("is integrated like any other", () => {
    fc.assert(
      fc.property(neuralFields, (network) => {
        const problem = neuralProblem(network);
        const beside = solve(withIntegrals(problem, false), { rtol: 1e-9, atol: 1e-9 });
        const { integrals, system, last } = beside.y1 as unknown as Record<string, Tree<NdArray>>;
        const y0 = buildTree(problem.y0.structure, problem.y0.arrays);
        const change = squareOf(system) - squareOf(y0);
        expect(numbers(integrals)).toBeAllclose([change], { absolute: 1e-6, relative: 1e-6 });
        expect(numbers(last)).toBeAllclose([3 + change, -1000 * change], { absolute: 1e-3, relative: 1e-6 });
      }),
      { numRuns: 10 },
    );
  });

  it("costs steps as soon as it does steer", () => {
    const problem = neuralProblem({ paths: [""], shapes: [[3]], hidden: 4, span: [0, 1], seed: 1 });
    const accepted = (steers: boolean) => solve(withIntegrals(problem, steers)).stats.accepted;
    expect(accepted(true)).toBeGreaterThan(accepted(false));
  });

  it.each([...representativeMethods, rosenbrock23])(
    "has its gradient by $name, and leaves E and S theirs",
    (method) => {
      const options = { method, rtol: 1e-3, atol: 1e-4, firstStep: 0.4, target: "javascript" } as const;
      fc.assert(
        fc.property(neuralFields, fc.nat(), (network, seed) => {
          expectGradient(withIntegrals(neuralProblem(network), false), options, new Random(seed));
        }),
        { numRuns: 10, maxSkipsPerRun: 0.25 },
      );
    },
  );

  it("has its gradient by the adjoint equation, too", () => {
    const problem = withIntegrals(
      neuralProblem({ paths: ["a", "b"], shapes: [[2], []], hidden: 3, span: [0, 1], seed: 2 }),
      false,
    );
    const options = { rtol: 1e-9, atol: 1e-9 };
    const cotangents = { y1: solve(problem, options).y1 };
    const discrete = solveVjp(problem, options);
    const gradients = discrete.pullback(cotangents);
    discrete.dispose();
    const { y0, params } = solveBacksolve(problem, options).pullback(cotangents);
    for (const [found, exact] of [
      [y0, gradients.y0],
      [params, gradients.params],
    ]) {
      expect(numbers(found)).toBeAllclose(numbers(exact), { relative: 1e-5, absolute: 1e-4 });
    }
  });

  it.each(allTargets)("is left out on $name in $precision, too", (target) => {
    const problem = neuralProblem({ paths: [""], shapes: [[3]], hidden: 4, span: [0, 1], seed: 1 });
    const options = { target, precision: target.precision, rtol: 1e-3, atol: 1e-4 };
    const [alone, beside] = [problem, withIntegrals(problem, false)].map((each) => solve(each, options));
    expect(beside.stats.nfe).toEqual(alone.stats.nfe);
    expect(beside.steps.map(({ error }) => error)).toBeAllclose(
      alone.steps.map(({ error }) => error),
      { relative: 1e-2 },
    );
  });

  it("has programs of its own", () => {
    const problem = neuralProblem({ paths: [""], shapes: [[3]], hidden: 4, span: [0, 1], seed: 1 });
    const steering = withIntegrals(problem, true);
    const without = { ...steering, steers: [false, true, false] };
    const accepted = [steering, without, steering].map((each) => solve(each).stats.accepted);
    expect(accepted[0]).toBe(accepted[2]);
    expect(accepted[1]).toBeLessThan(accepted[0]);
  });
});
