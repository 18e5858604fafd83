import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { allTableaux } from "../../../src/solvers/tableaux/all-tableaux.js";
import { referenceProblem } from "../../reference-data.js";
import { problemOf } from "./problems.js";

const estimating = allTableaux.filter(({ stiffnessPair }) => stiffnessPair);

/** S of a few steps of a method. */
function stiffnesses(
  problem: Parameters<typeof solve>[0],
  method: (typeof allTableaux)[number],
  grid: readonly number[],
): number[] {
  return solve(problem, { method, grid, target: "javascript" }).steps.map(({ stiffness }) => stiffness);
}

describe.each(estimating)("the stiffness estimate of $name", (method) => {
  it.each([
    ["prothero_robinson_10", 10],
    ["prothero_robinson_1e6", 1e6],
  ])("on %s, whose Jacobian is minus lambda everywhere, is lambda", (name, lambda) => {
    const grid = [1, 2, 3, 4].map((i) => (i * 0.7) / lambda);
    // off the slow solution, on which nothing moves that could be compared
    const problem = problemOf({ ...referenceProblem(name), y0: ["2"] }, [0, grid[3]]);
    // a quotient of differences that are smaller the higher the order: a digit for each of them is lost
    const relative = method.order > 5 ? 1e-4 : 1e-6;
    for (const stiffness of stiffnesses(problem, method, grid))
      expect(stiffness).toBeAllclose(lambda, { relative });
  });

  it("lies below the largest singular value of a constant Jacobian, and is not 0", () => {
    const entry = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(entry, entry, entry, entry), ([a, b, c, d]) => {
        fc.pre(Math.abs(a * d - b * c) > 0.1);
        const problem = odeProblem({
          field: (_, { x, y }) => ({
            x: tf.add(tf.mul(x, a), tf.mul(y, b)),
            y: tf.add(tf.mul(x, c), tf.mul(y, d)),
          }),
          y0: { x: 1, y: -0.5 },
          span: [0, 0.8],
        });
        const frobenius = Math.hypot(a, b, c, d);
        for (const stiffness of stiffnesses(problem, method, [0.4, 0.8])) {
          expect(stiffness).toBeLessThan(frobenius * (1 + 1e-3));
          expect(stiffness).toBeGreaterThan(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is a number where one component, or all of them, do not move", () => {
    const partly = odeProblem({
      field: (_, { still, moving }) => ({ still: tf.zerosLike(still), moving: tf.mul(moving, -5) }),
      y0: { still: 1, moving: 1 },
      span: [0, 0.5],
    });
    const relative = method.order > 5 ? 1e-3 : 1e-6;
    expect(stiffnesses(partly, method, [0.5])[0]).toBeAllclose(5, { relative });
    const still = odeProblem({ field: (_, y) => tf.zerosLike(y), y0: [1, 2], span: [0, 1] });
    expect(stiffnesses(still, method, [1])).toEqual([0]);
  });
});
