import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solve } from "../../../src/solvers/ode/solve.js";
import { tableau } from "../../../src/solvers/tableaux/tableau.js";
import { double, doubles, referenceProblems } from "../../reference-data.js";
import { evaluate } from "./expression.js";
import { componentsOf, problemOf } from "./problems.js";

const euler = tableau({ name: "euler", order: 1, errorOrder: 1, a: [[]], b: [1] });

const numberOperations = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "**": (a: number, b: number) => a ** b,
};

/** The expression as JavaScript itself understands it. */
function withJavaScript(text: string, t: number, y: readonly number[], p: Record<string, number>): number {
  const { sin, cos, exp, sqrt } = Math;
  const run = new Function("t", "y", "p", "sin", "cos", "exp", "sqrt", `return ${text};`);
  return run(t, y, p, sin, cos, exp, sqrt);
}

describe("the reference problems", () => {
  it.each(referenceProblems)("$name: its expressions are read as JavaScript reads them", (problem) => {
    const p = Object.fromEntries(Object.entries(problem.params).map(([name, text]) => [name, double(text)]));
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
          minLength: problem.y0.length,
          maxLength: problem.y0.length,
        }),
        (t, y) => {
          for (const text of problem.rhs) {
            const value = evaluate(text, {
              constant: (number) => number,
              variable: (name) => withJavaScript(name, t, y, p),
              apply: (operation, left, right) => numberOperations[operation](left, right),
              call: (name, argument) => Math[name as "sin"](argument),
            });
            expect(value, text).toBeAllclose(withJavaScript(text, t, y, p), { relative: 1e-12 });
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each(referenceProblems)("$name: its tensor field has the value of its expressions", (problem) => {
    const [t0, y0] = [double(problem.t0), doubles(problem.y0)];
    const p = Object.fromEntries(Object.entries(problem.params).map(([name, text]) => [name, double(text)]));
    // one Euler step shows the slope
    const h = 0.5;
    const { y1 } = solve(problemOf(problem, [t0, t0 + h]), { method: euler, grid: [t0 + h] });
    const wanted = y0.map((value, i) => value + h * withJavaScript(problem.rhs[i], t0, y0, p));
    expect(componentsOf(y1)).toBeAllclose(wanted, { relative: 1e-12 });
  });
});
