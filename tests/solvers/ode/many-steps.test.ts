import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { euler } from "../../../src/solvers/tableaux/euler.js";

it("a solve may have more steps than a call has room for arguments", () => {
  const count = 150_000;
  const grid = Array.from({ length: count }, (_, i) => (i + 1) / count);
  const problem = odeProblem({ field: (_, y: tf.Tensor) => tf.neg(y), y0: [1], span: [0, 1] });
  const { code, stepTimes } = solve(problem, { method: euler, grid, maxSteps: count });
  expect(code).toBe("success");
  expect(stepTimes).toEqual(Float64Array.from([0, ...grid]));
});
