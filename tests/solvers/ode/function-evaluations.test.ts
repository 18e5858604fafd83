import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controllers } from "../../../src/solvers/ode/controllers.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { referenceProblem } from "../../reference-data.js";
import { adaptiveMethods } from "../tableaux/methods.js";
import { problemOf } from "./problems.js";

const problems = ["lotka_volterra", "vdp_mu10", "detest_e2"].map((name) => problemOf(referenceProblem(name)));
const tolerances = fc.double({ min: -7, max: -2, noNaN: true }).map((exponent) => 10 ** exponent);

describe.each(adaptiveMethods)("evaluations by $name", (method) => {
  // FSAL: the last stage of a step is the first of the next, so that one is evaluated at the very start alone
  const perAttempt = method.stages - (method.fsal ? 1 : 0);
  const atStart = method.fsal ? 1 : 0;

  it("are those of the start, of the first step's choice and of every attempt", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...problems),
        fc.constantFrom(...Object.values(controllers)),
        tolerances,
        fc.option(fc.double({ min: 1e-3, max: 10, noNaN: true }), { nil: undefined }),
        (problem, controller, rtol, firstStep) => {
          const { stats, steps, stepTimes } = solve(problem, {
            method,
            controller,
            rtol,
            atol: rtol,
            firstStep,
          });
          const start = firstStep === undefined ? 1 : atStart;
          const choice = firstStep === undefined ? 1 : 0;
          const attempts = perAttempt * steps.length;
          expect(stats.nfe).toEqual({
            total: start + choice + attempts,
            start,
            firstStep: choice,
            steps: attempts,
          });
          expect(stats.accepted + stats.rejected).toBe(steps.length);
          expect(stepTimes).toHaveLength(stats.accepted + 1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("on a grid are those of its steps", () => {
    const grid = Array.from({ length: 40 }, (_, i) => (i + 1) / 4);
    const { stats } = solve(problems[0], { method, grid });
    expect(stats.nfe).toMatchObject({ total: atStart + 40 * perAttempt, firstStep: 0 });
  });
});

describe("the cubic spiral", () => {
  // SciML's counts (Tsit5, PI, float64, tolerances equal), less the evaluation at the start that it makes twice
  it.each([
    [1, 1.4e-8, 603],
    [1.5, 1.4e-8, 801],
    [1, 1e-6, 273],
    [1.5, 1e-6, 357],
  ])("up to %d at tolerance %d costs what it costs in the reference: %d", (end, tolerance, evaluations) => {
    const spiral = odeProblem({
      field: (_, y, p) => tf.matMul(tf.pow(y, 3), p.a),
      y0: [[2, 0]],
      params: {
        a: [
          [-0.1, 2],
          [-2, -0.1],
        ],
      },
      span: [0, end],
    });
    const { stats } = solve(spiral, {
      method: tsit5,
      controller: controllers.sciml,
      rtol: tolerance,
      atol: tolerance,
    });
    expect(stats).toMatchObject({ nfe: { total: evaluations - 1 }, rejected: 0 });
  });
});
