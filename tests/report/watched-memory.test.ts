import { expect, test } from "vitest";
import { ndArray } from "../../src/compiler/nd-array.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import { watchedTarget } from "../../src/report/watched-memory.js";
import { solve } from "../../src/solvers/ode/solve.js";
import { solveVjp } from "../../src/solvers/ode/solve-vjp.js";
import { neuralProblem } from "../solvers/ode/neural-fields.js";

const problem = neuralProblem({ paths: [""], shapes: [[6, 5]], hidden: 4, span: [0, 1], seed: 1 });
const numbers =
  (problem.y0.arrays[0].data.length + problem.params.arrays.reduce((n, a) => n + a.data.length, 0)) * 8;
const grid = [0.25, 0.5, 0.75, 1];

test("bytes are those of the values in use", () => {
  const target = watchedTarget(javascriptTarget);
  const values = [[], [3], [4, 5]].map((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return target.put(ndArray(shape, new Float64Array(size)));
  });
  expect(target.bytes).toBe(8 * (1 + 3 + 20));
  target.free(values[1]);
  expect([target.bytes, target.mostBytes]).toEqual([8 * 21, 8 * 24]);
  target.startAnew();
  expect(target.mostBytes).toBe(8 * 21);
});

test("a solve is the same, and leaves nothing", () => {
  const target = watchedTarget(javascriptTarget);
  expect(solve(problem, { target, grid }).y1).toEqual(solve(problem, { target: javascriptTarget, grid }).y1);
  expect(target.bytes).toBe(0);
  expect(target.mostBytes).toBeGreaterThan(numbers);
});

test("a tape grows with its steps, and more when what they computed is kept", () => {
  const most = (steps: number, residualBytes: number) => {
    const target = watchedTarget(javascriptTarget);
    const ends = Array.from({ length: steps }, (_, i) => (i + 1) / steps);
    const taped = solveVjp(problem, { target, grid: ends, residualBytes });
    const kept = target.bytes;
    taped.dispose();
    return kept;
  };
  // a state and a slope each step, or more
  expect(most(8, 0) - most(4, 0)).toBe(4 * 2 * 8 * problem.y0.arrays[0].data.length);
  expect(most(8, 2 ** 30) - most(4, 2 ** 30)).toBeGreaterThan(most(8, 0) - most(4, 0));
});
