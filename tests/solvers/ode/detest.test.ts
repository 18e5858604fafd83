import { describe, expect, it } from "vitest";
import { controllers } from "../../../src/solvers/ode/controllers.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { dopri5 } from "../../../src/solvers/tableaux/dopri5.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { doubles, referenceProblems } from "../../reference-data.js";
import { componentsOf, problemOf } from "./problems.js";

/** The nonstiff problems of Hull, Enright, Fellen, Sedgwick, SIAM J. Numer. Anal. 9(4), 1972, classes A to E. */
const detest = referenceProblems.filter(({ tags }) => tags.includes("detest"));

describe.each(detest)("$name", (reference) => {
  const problem = problemOf(reference);
  const wanted = doubles(reference.y1);

  describe.each([tsit5, dopri5])("by $name", (method) => {
    it.each(Object.entries(controllers))(
      "is solved as well as asked, controlled as by %s",
      (_, controller) => {
        for (const tolerance of [1e-4, 1e-7, 1e-10]) {
          const solution = solve(problem, {
            method,
            controller,
            rtol: tolerance,
            atol: tolerance,
            target: "javascript",
          });
          expect(solution.code).toBe("success");
          const errors = componentsOf(solution.y1).map((value, i) => Math.abs(value - wanted[i]));
          // an error is made all along the way, and carried to the end by the sensitivity
          expect(Math.max(...errors)).toBeLessThan(100 * tolerance * Math.max(1, reference.sensitivity));
        }
      },
    );
  });
});
