import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solve } from "../../../src/solvers/ode/solve.js";
import { allTableaux } from "../../../src/solvers/tableaux/all-tableaux.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { double, doubles, referenceMethod } from "../../reference-data.js";
import { goldenProblem } from "./golden-problem.js";

const { t, h, y0, problem: golden } = goldenProblem;

/** E as its definition has it: the root mean square of the error over atol + rtol max(|y|, |y1|). */
function scaledError(err: readonly number[], y1: readonly number[], rtol: number, atol: number): number {
  const squares = err.map((e, i) => (e / (atol + rtol * Math.max(Math.abs(y0[i]), Math.abs(y1[i])))) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/**
 * S is a quotient of small differences, the smaller the higher the order: that costs digits, with two stages that agree to
 * the seventh order all of those of single precision (the notes of the reference data give the same numbers).
 */
const lost = ({ order }: { readonly order: number }): number => (order > 5 ? 1e5 : 100);

const tolerance = fc.double({ min: -8, max: -2, noNaN: true }).map((exponent) => 10 ** exponent);

describe.each(allTargets.map((target) => [targetText(target), target] as const))(
  "one step on %s",
  (_, target) => {
    const { precision } = target;
    const relative = precision === "float64" ? 1e-12 : 1e-5;

    describe.each(allTableaux)("by $name", (method) => {
      const { y1, err = [], stiffness_l2 } = referenceMethod(method).golden_step;
      const step = (rtol: number, atol: number) =>
        solve(golden, { method, target, precision, rtol, atol, grid: [t + h] });

      it("ends where the reference does", () => {
        const solution = step(1e-3, 1e-3);
        expect(solution.code).toBe("success");
        expect(solution.y1).toBeAllclose(doubles(y1), { relative });
      });

      it.runIf(err.length)(
        "has the reference's error, under all tolerances, up to a few rounding floors",
        () => {
          fc.assert(
            fc.property(tolerance, tolerance, (rtol, atol) => {
              const [{ error, errorFloor }] = step(rtol, atol).steps;
              const wanted = scaledError(doubles(err), doubles(y1), rtol, atol);
              expect(error).toBeAllclose(wanted, { relative: 10 * relative, absolute: 20 * errorFloor });
              expect(errorFloor).toBeGreaterThan(0);
            }),
            { numRuns: 20 },
          );
        },
      );

      it("has the reference's stiffness quotient, or none", () => {
        const [{ stiffness }] = step(1e-3, 1e-3).steps;
        if (stiffness_l2 === undefined) expect(stiffness).toBeNaN();
        else if (precision === "float64" || !(method.order > 5)) {
          expect(stiffness).toBeAllclose(double(stiffness_l2), { relative: lost(method) * relative });
        }
      });
    });
  },
);
