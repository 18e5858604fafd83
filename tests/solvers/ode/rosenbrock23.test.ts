import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { double, doubles, referenceProblem, referenceProblems } from "../../reference-data.js";
import { componentsOf, problemOf } from "./problems.js";

const stiff = referenceProblems.filter(({ tags }) => tags.includes("stiff"));

describe.each(stiff)("$name", (reference) => {
  it.each([1e-3, 1e-4])("is solved to ten times a tolerance of %d", (rtol) => {
    const atol = 1e-3 * rtol;
    const options = { method: rosenbrock23, rtol, atol };
    const { code, y1 } = solve(problemOf(reference), options);
    expect(code).toBe("success");
    const wanted = doubles(reference.y1);
    // where errors grow along the solution, so must what is allowed
    const growth = Math.max(1, reference.sensitivity ?? 1);
    componentsOf(y1).forEach((value, i) => {
      const allowed = 10 * growth * (rtol * Math.abs(wanted[i]) + atol);
      expect(Math.abs(value - wanted[i])).toBeLessThan(allowed);
    });
  });
});

describe("rosenbrock23", () => {
  it("takes steps that stability would deny an explicit method", () => {
    const problem = problemOf(referenceProblem("prothero_robinson_1e6"));
    const implicit = solve(problem, { method: rosenbrock23, rtol: 1e-4, atol: 1e-4 });
    const explicit = solve(problem, { method: tsit5, rtol: 1e-4, atol: 1e-4, maxSteps: 20_000 });
    expect(implicit.stats.accepted).toBeLessThan(500);
    expect(explicit.code).toBe("maximumSteps");
  });

  it("has order 2, and an estimate of order 3, on autonomous problems and others", () => {
    for (const name of ["lotka_volterra", "torchdiffeq_sine", "prothero_robinson_10"]) {
      const reference = referenceProblem(name);
      const [t0, t1, wanted] = [double(reference.t0), double(reference.t1), doubles(reference.y1)];
      const run = (steps: number) => {
        const grid = Array.from({ length: steps }, (_, i) =>
          i + 1 === steps ? t1 : t0 + ((i + 1) * (t1 - t0)) / steps,
        );
        const solution = solve(problemOf(reference), { method: rosenbrock23, grid, target: "javascript" });
        const errors = componentsOf(solution.y1).map((value, i) => Math.abs(value - wanted[i]));
        return { error: Math.max(...errors), estimate: solution.steps[Math.floor(steps / 2)].error };
      };
      const [coarse, fine] = [run(1000), run(2000)];
      expect(Math.log2(coarse.error / fine.error)).toBeGreaterThan(1.8);
      expect(Math.log2(coarse.error / fine.error)).toBeLessThan(2.3);
      // the size of a step's error, and the places at which they are looked at, differ by a step
      expect(Math.log2(coarse.estimate / fine.estimate)).toBeGreaterThan(2.6);
    }
  });

  it("takes one step of a linear field as its stability function says, whatever the step's size", () => {
    // R(z) = (1 + (1 - 2 d) z) / (1 - d z)^2 (Shampine and Reichelt, 1997, section 3.1)
    const d = 1 / (2 + Math.SQRT2);
    fc.assert(
      fc.property(fc.double({ min: -1e4, max: 2, noNaN: true }), (z) => {
        fc.pre(Math.abs(1 - d * z) > 0.1);
        const problem = odeProblem({ field: (_, y) => tf.mul(y, z), y0: [1], span: [0, 1] });
        const { y1, steps } = solve(problem, { method: rosenbrock23, grid: [1] });
        expect(y1.data[0]).toBeAllclose((1 + (1 - 2 * d) * z) / (1 - d * z) ** 2, {
          relative: 1e-9,
          absolute: 1e-12,
        });
        expect(steps[0].stiffness).toBeAllclose(Math.abs(z), { relative: 1e-9 });
      }),
    );
  });

  it("counts its evaluations: two a step, beside the first and the first step's choice", () => {
    const problem = problemOf(referenceProblem("vdp_mu1"));
    const { stats, steps } = solve(problem, { method: rosenbrock23, rtol: 1e-3, atol: 1e-3 });
    expect(stats.nfe.total).toBe(2 + 2 * steps.length);
  });

  it("says which target it needs", () => {
    const problem = problemOf(referenceProblem("lotka_volterra"));
    expect(() => solve(problem, { method: rosenbrock23, target: "onnx" })).toThrow(
      "the onnx target cannot solve linear systems",
    );
    expect(solve(problem, { method: rosenbrock23 }).target).toBe("wasm");
  });
});
