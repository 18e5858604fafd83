import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linspace, type NdArray, toNested } from "../../../src/compiler/nd-array.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { allTableaux } from "../../../src/solvers/tableaux/all-tableaux.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { doubles, referenceMethod, referenceProblem } from "../../reference-data.js";
import { representativeMethods } from "../tableaux/methods.js";
import { goldenProblem } from "./golden-problem.js";
import { neuralFields, neuralProblem } from "./neural-fields.js";
import { componentsOf, problemOf } from "./problems.js";

const rotation = odeProblem({
  field: (_, { x, v }) => ({ x: v, v: tf.neg(x) }),
  y0: { x: 1, v: 0 },
  span: [0, 5],
});

/** y = exp(sin 4t). */
const growth = odeProblem({
  field: (t, y) => tf.mul(y, tf.mul(4, tf.cos(tf.mul(4, t)))),
  y0: [1],
  span: [0, 1],
});

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  const { precision } = target;

  // from order 5 on, the reference has the cubic polynomial where a method has none of its own
  const continued = allTableaux.filter(({ dense, order }) => dense || order < 5);

  it.each(continued)("a step by $name is continued as in the reference", (method) => {
    const { t, h, problem } = goldenProblem;
    const options = { method, target, precision, grid: [t + h], saveAt: [t + 0.3 * h] };
    const { ys } = solve(problem, options);
    expect(toNested(ys)).toHaveLength(1);
    const wanted = doubles(referenceMethod(method).golden_step.dense_theta_0_3);
    expect(ys.data).toBeAllclose(Float64Array.from(wanted), {
      relative: precision === "float64" ? 1e-12 : 1e-5,
    });
  });
});

describe.each(representativeMethods)("dense output of $name", (method) => {
  const tolerance = method.order < 3 ? 1e-4 : 1e-6;
  const options = { method, rtol: tolerance, atol: tolerance };

  it("is the same at saved times and when asked for later, and both leave the steps alone", () => {
    fc.assert(
      fc.property(
        neuralFields,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (network, fractions) => {
          const problem = neuralProblem(network);
          const [t0, t1] = problem.span;
          const times = [0, ...fractions.sort((a, b) => a - b), 1].map((part) => t0 * (1 - part) + t1 * part);
          const plain = solve(problem, options);
          const saving = solve(problem, { ...options, saveAt: times });
          const dense = solve(problem, { ...options, dense: true });
          // programs with and without dense output may round differently, where the engine fuses multiply and add
          const rounding = { relative: 1e-10, absolute: 1e-10 };
          expect(saving.stepTimes).toBeAllclose(plain.stepTimes, rounding);
          expect(dense.stepTimes).toBeAllclose(plain.stepTimes, rounding);
          expect(saving.ts).toEqual(Float64Array.from(times));
          times.forEach((time, i) => {
            const at = leavesIn(dense.at(time));
            leavesIn(saving.ys).forEach(({ shape: [count, ...shape], data }, leaf) => {
              expect(count).toBe(times.length);
              expect(at[leaf].shape).toEqual(shape);
              const size = data.length / count;
              const saved = data.subarray(i * size, (i + 1) * size);
              expect(saved).toBeAllclose(at[leaf].data as Float64Array, rounding);
            });
          });
          leavesIn(dense.at(t1)).forEach((end, leaf) => {
            expect(end).toBeAllclose(leavesIn(plain.y1)[leaf], rounding);
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it("follows the solution between the steps about as well as they do at their ends", () => {
    const { ts, ys } = solve(rotation, { ...options, saveAt: linspace(0, 5, 200) });
    ts.forEach((t, i) => {
      expect(Math.abs(ys.x.data[i] - Math.cos(t))).toBeLessThan(300 * tolerance);
    });
  });
});

/** The arrays of a tree, whatever its names. */
function leavesIn(tree: unknown): NdArray[] {
  const isArray = (value: object): value is NdArray => "data" in value;
  if (isArray(tree as object)) return [tree as NdArray];
  return Object.values(tree as object).flatMap(leavesIn);
}

describe("the error between the steps", () => {
  it.each(allTableaux)("falls with the order of $name, as that of their ends", (method) => {
    const count = method.order > 5 ? 8 : 16;
    const errorWith = (steps: number): number => {
      const grid = linspace(0, 1, steps + 1).slice(1);
      const { ts, ys } = solve(growth, { method, grid, saveAt: linspace(0, 1, 101), target: "javascript" });
      return Math.max(...Array.from(ts, (t, i) => Math.abs(ys.data[i] - Math.exp(Math.sin(4 * t)))));
    };
    const order = Math.log2(errorWith(count) / errorWith(2 * count));
    expect(order).toBeGreaterThan(method.order - 0.5);
  });
});

describe("a solution asked for another time", () => {
  const solution = solve(rotation, { dense: true });

  it.each([-0.1, 5.1, Number.NaN])("refuses %d", (time) => {
    expect(() => solution.at(time)).toThrow(
      new RangeError(`solution.at: the solve went from 0 to 5, asked for ${time}`),
    );
  });

  it("says what to do where its polynomials were not kept", () => {
    expect(() => solve(rotation).at(1)).toThrow("solve with the option dense: true");
  });
});

describe("saved states", () => {
  it("are those that were reached where a solve fails", () => {
    const blowup = problemOf(referenceProblem("quadratic_blowup"), [0, 1.1]);
    const { code, ts, ys } = solve(blowup, { saveAt: [0.5, 0.9, 1.05], rtol: 1e-8, atol: 1e-8 });
    expect(code).not.toBe("success");
    expect(ts).toEqual(Float64Array.of(0.5, 0.9));
    expect(componentsOf(ys as never)).toHaveLength(1);
  });

  it("need no evaluation for a method with a polynomial of its own, in others the more, the higher its order", () => {
    const saveAt = linspace(0, 5, 100);
    const grid = linspace(0, 5, 21).slice(1);
    for (const method of allTableaux) {
      const cost = (more: object): number => solve(rotation, { method, grid, ...more }).stats.nfe.total;
      const raised = { 5: 1, 7: 1 + 2 + 3, 8: 1 + 2 + 3 + 4 }[method.order] ?? 0;
      const each = method.dense ? 0 : raised + (method.fsal ? 0 : 1);
      expect(cost({ saveAt }) - cost({}), method.name).toBe(20 * each);
    }
  });
});

describe("a field with a jump", () => {
  const pushed = (y0: number, span: [number, number]) =>
    odeProblem({
      field: (t, y) => tf.add(tf.neg(y), tf.where(tf.less(t, 0.5), tf.scalar(0), tf.scalar(1))),
      y0: [y0],
      span,
    });
  const problem = pushed(1, [0, 1]);
  const exact = 1 + (Math.exp(-0.5) - 1) * Math.exp(-0.5);

  it.each(allTargets.map((target) => [targetText(target), target] as const))(
    "is solved in fewer evaluations when the jump is told, on %s",
    (_, target) => {
      const { precision } = target;
      const tolerance = precision === "float64" ? 1e-8 : 1e-5;
      const options = { target, precision, rtol: tolerance, atol: tolerance };
      const told = solve(problem, { ...options, jumpTimes: [0.5, 7] });
      const untold = solve(problem, options);
      expect(told.y1.data[0]).toBeAllclose(exact, { relative: 10 * tolerance });
      expect(told.stats.rejected).toBe(0);
      expect(told.stats.nfe.total).toBeLessThan(untold.stats.nfe.total / 1.5);
    },
  );

  it("is passed backwards as well, and saved at", () => {
    const back = pushed(exact, [1, 0]);
    const { ys, y1 } = solve(back, { rtol: 1e-9, atol: 1e-9, jumpTimes: [0.5], saveAt: [0.75, 0.5] });
    expect(y1.data[0]).toBeAllclose(1, { relative: 1e-8 });
    expect(ys.data[1]).toBeAllclose(Math.exp(-0.5), { relative: 1e-8 });
  });
});

describe("step sizes", () => {
  it("stay below the largest, and underflow below the smallest", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.5, noNaN: true }), (maxStep) => {
        const { code, steps } = solve(rotation, { method: tsit5, maxStep });
        expect(code).toBe("success");
        // t + h - t is h up to the rounding of t
        expect(Math.max(...steps.map(({ h }) => h))).toBeLessThanOrEqual(maxStep + 1e-14);
      }),
      { numRuns: 10 },
    );
    const limited = solve(rotation, { rtol: 1e-10, atol: 1e-10, minStep: 0.5, maxStep: 1, firstStep: 0.5 });
    expect(limited.code).toBe("stepUnderflow");
    expect(limited.steps.every(({ h }) => h >= 0.5)).toBe(true);
  });
});
