import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brownianPath } from "../../../src/solvers/sde/noise-paths.js";
import { solveSde } from "../../../src/solvers/sde/solve-sde.js";
import { allStochasticTableaux } from "../../../src/solvers/sde/tableaux/all-stochastic-tableaux.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { double, doubles } from "../../reference-data.js";
import { boundedNoise } from "./bounded-noise.js";
import { stochasticReference } from "./stochastic-reference.js";

const [t, h, y0] = [0.2, 0.0625, [0.5, -0.3]];
const noise = { times: [t, t + h], dW: [[0.11, -0.23]], dZ: [[-0.07, 0.31]] };
const tolerance = fc.double({ min: -4, max: -0.1, noNaN: true }).map((exponent) => 10 ** exponent);

describe.each(allTargets.map((target) => [targetText(target), target] as const))(
  "one stochastic step on %s",
  (_, target) => {
    const { precision } = target;
    const relative = precision === "float64" ? 1e-12 : 1e-5;

    describe.each(allStochasticTableaux)("by $name", (method) => {
      const { golden_step: golden, error_estimate } = stochasticReference(method);
      const problem = boundedNoise(method.noise, y0, [0.25, 0.5, 0.05], [t, t + h]);
      const path = brownianPath(problem, { noise });
      const step = (rtol: number, atol: number) =>
        solveSde(problem, { method, target, precision, path, rtol, atol, grid: [t + h] });

      it("ends where the reference does", () => {
        const { code, y1 } = step(0.1, 0.1);
        expect(code).toBe("success");
        expect(y1).toBeAllclose(doubles(golden.y1), { relative });
      });

      it("has the reference's error, under all tolerances", () => {
        const delta = double(error_estimate.delta_default);
        const [e1, e2, y1] = [golden.E1, golden.E2, golden.y1].map(doubles);
        fc.assert(
          fc.property(tolerance, tolerance, (rtol, atol) => {
            const [{ error }] = step(rtol, atol).steps;
            const squares = y1.map((end, i) => {
              const scale = atol + rtol * Math.max(Math.abs(y0[i]), Math.abs(end));
              return ((delta * e1[i] + e2[i]) / scale) ** 2;
            });
            expect(error).toBeAllclose(Math.sqrt((squares[0] + squares[1]) / 2), { relative: 10 * relative });
          }),
          { numRuns: 10 },
        );
      });

      it("has the reference's stiffness quotient, or none", () => {
        const [{ stiffness }] = step(0.1, 0.1).steps;
        if (golden.stiffness_l2 === undefined) expect(stiffness).toBeNaN();
        else expect(stiffness).toBeAllclose(double(golden.stiffness_l2), { relative: 100 * relative });
      });
    });
  },
);
