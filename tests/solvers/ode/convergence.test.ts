import { describe, expect, it } from "vitest";
import { solve } from "../../../src/solvers/ode/solve.js";
import { allTableaux } from "../../../src/solvers/tableaux/all-tableaux.js";
import { euler } from "../../../src/solvers/tableaux/euler.js";
import type { Tableau } from "../../../src/solvers/tableaux/tableau.js";
import { double, doubles, referenceProblem } from "../../reference-data.js";
import { componentsOf, problemOf } from "./problems.js";

const problems = ["linear_oscillator", "lotka_volterra", "brusselator_ode", "torchdiffeq_sine"].map(
  referenceProblem,
);

/** Relative errors between these tell the order: above, the leading term of the expansion is not yet alone; below is rounding. */
const smallest = ({ order }: Tableau): number => (order > 5 ? 1e-11 : 3e-13);
const largest = ({ order }: Tableau): number => (order === 1 ? 3e-2 : 1e-3);
const mostSteps = ({ order }: Tableau): number => (order === 1 ? 50_000 : 8000);
const points = 8;

/** Slope of a line through points, by least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [0, 1].map((axis) => mean(points.map((point) => point[axis])));
  const product = (f: (dx: number, dy: number) => number) => mean(points.map(([x, y]) => f(x - x0, y - y0)));
  return product((dx, dy) => dx * dy) / product((dx) => dx * dx);
}

function uniformGrid(t0: number, t1: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => (i + 1 === steps ? t1 : t0 + ((i + 1) * (t1 - t0)) / steps));
}

describe.each(problems)("on $name", (reference) => {
  const problem = problemOf(reference);
  const [t0, t1, wanted] = [double(reference.t0), double(reference.t1), doubles(reference.y1)];
  const errorWith = (method: Tableau, steps: number): number => {
    const grid = uniformGrid(t0, t1, steps);
    const solution = solve(problem, { method, grid, maxSteps: steps, target: "javascript" });
    const end = componentsOf(solution.y1);
    return Math.max(...end.map((value, i) => Math.abs(value - wanted[i]) / (1 + Math.abs(wanted[i]))));
  };

  /**
   * The methods of high order were made to have a small leading term: on nonlinear problems the next one still shows where
   * doubles end. That they are of their order and no higher is seen in their tableaux.
   */
  const deviation = ({ order }: Tableau): number => {
    if (order > 5) return 2;
    return order < 5 || reference.tags.includes("linear") ? 0.25 : 0.9;
  };

  it.each(allTableaux)("the error of $name falls with its order $order", (method) => {
    const errors: [number, number][] = [];
    for (
      let steps = method.order > 5 ? 10 : 60;
      steps <= mostSteps(method);
      steps = Math.ceil(steps * (method.order > 5 ? 1.1 : 1.25))
    ) {
      const error = errorWith(method, steps);
      if (error < smallest(method)) break;
      if (error < largest(method)) errors.push([Math.log((t1 - t0) / steps), Math.log(error)]);
    }
    const finest = errors.slice(-points);
    expect(finest.length).toBeGreaterThan(points / 2);
    expect(Math.abs(slope(finest) - method.order), `slope ${slope(finest)}`).toBeLessThan(deviation(method));
  });
});

describe("Euler on y' = y", () => {
  it("with steps of 0.1 ends at 1.1^10, to rounding", () => {
    const growth = problemOf({ ...referenceProblem("detest_a1"), rhs: ["y[0]"], t1: "1" });
    const solution = solve(growth, { method: euler, grid: uniformGrid(0, 1, 10) });
    expect(componentsOf(solution.y1)[0]).toBeCloseTo(1.1 ** 10, 14);
  });
});
