import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { proportionalIntegralController } from "../../../src/solvers/ode/controllers.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { representativeMethods } from "../tableaux/methods.js";
import { normal } from "./neural-fields.js";

const field = (_: tf.Scalar, y: tf.Tensor, p: { readonly a: tf.Tensor }): tf.Tensor =>
  tf.tanh(tf.matMul(y, p.a));

/** A smooth network of one layer: the state is of size 1, its slope somewhat less. */
function network(seed: number, end: number, size = 24) {
  const random = new Random(seed);
  return odeProblem({
    field: field as never,
    y0: normal(random, [4, size], 1),
    params: { a: normal(random, [size, size], 1 / Math.sqrt(size)) },
    span: [0, end],
  });
}

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  const { precision } = target;
  const unitRoundoff = precision === "float64" ? 2 ** -53 : 2 ** -24;

  // a method of order 2 would need a step so small that it does not change the state
  it.each(representativeMethods.filter(({ order }) => order > 2))(
    "the error of a tiny step by $name is its rounding floor, within a factor of 10",
    (method) => {
      fc.assert(
        fc.property(fc.nat(), fc.double({ min: 0.1, max: 1, noNaN: true }), (seed, fraction) => {
          // the true error, about h^errorOrder, is then a thousandth of the rounding of h times the slope, or less
          const h = fraction * (unitRoundoff / 1000) ** (1 / (method.errorOrder - 1));
          const options = { method, target, precision, rtol: 1e-6, atol: 1e-6 };
          const [{ error, errorFloor }] = solve(network(seed, h), { ...options, grid: [h] }).steps;
          expect(error / errorFloor).toBeGreaterThan(0.1);
          expect(error / errorFloor).toBeLessThan(10);
        }),
        { numRuns: 20 },
      );
    },
  );
});

describe("a solution says when its error estimate is noise", () => {
  const problem = network(1, 1);
  const tolerances = { rtol: 1.4e-8, atol: 1.4e-8 };

  it("in single precision under a tolerance below it", () => {
    const { stats, message } = solve(problem, { precision: "float32", ...tolerances });
    expect(stats.noisy).toBeGreaterThan(stats.accepted / 2);
    expect(message).toBe(
      `the error estimate of ${stats.noisy} of ${stats.accepted} steps is mostly float32 rounding; loosen the tolerances or use float64`,
    );
  });

  it.each([24, 200])("at every step where there is nothing else in it, in a network of width %i", (size) => {
    const controller = proportionalIntegralController; // under which the steps, and with them the true errors, are short
    for (const seed of [1, 2, 3]) {
      const { stats } = solve(network(seed, 1, size), { precision: "float32", controller, ...tolerances });
      expect(stats.noisy).toBe(stats.accepted);
    }
  });

  it.each([
    ["float32", 1e-3],
    ["float64", 1e-8],
  ] as const)("and not in %s at %d", (precision, tolerance) => {
    const { stats, message } = solve(problem, { precision, rtol: tolerance, atol: tolerance });
    expect(stats.noisy).toBeLessThanOrEqual(1); // the last step may be cut to nothing
    expect(message).toBe("");
  });

  it("which costs evaluations that double precision does not need", () => {
    const [single, double] = (["float32", "float64"] as const).map((precision) =>
      solve(problem, { precision, ...tolerances }),
    );
    expect(single.stats.nfe.total).toBeGreaterThan(double.stats.nfe.total);
  });
});
