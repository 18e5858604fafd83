import { beforeAll, describe, expect, it } from "vitest";
import { linspace } from "../../../src/compiler/nd-array.js";
import type { BrownianPath } from "../../../src/solvers/sde/brownian-path.js";
import { eulerMaruyama } from "../../../src/solvers/sde/euler-maruyama.js";
import { milstein } from "../../../src/solvers/sde/milstein.js";
import { brownianPath } from "../../../src/solvers/sde/noise-paths.js";
import type { SdeMethod } from "../../../src/solvers/sde/sde-method.js";
import { solveSde } from "../../../src/solvers/sde/solve-sde.js";
import { allStochasticTableaux } from "../../../src/solvers/sde/tableaux/all-stochastic-tableaux.js";
import { type StochasticTableau, sriTableau } from "../../../src/solvers/sde/tableaux/stochastic-tableau.js";
import { additive, cubic, type ExactProblem, endOf, wave } from "./stochastic-problems.js";

const stepCounts = [16, 32, 64, 128, 256];
const tolerance = 0.2;

type Method = StochasticTableau | SdeMethod;
const diagonal = allStochasticTableaux.filter(({ noise }) => noise === "diagonal");
const forAdditive = allStochasticTableaux.filter(({ noise }) => noise === "additive");

/** A method of one's own: Platen's explicit one of strong order 1 (Kloeden, Platen 1992, 11.1.3). */
const platen = sriTableau({
  name: "platen",
  order: 1,
  a0: [[], [0]],
  b0: [[], [0]],
  a1: [[], [1]],
  b1: [[], [1]],
  alpha: [1, 0],
  beta1: [1, 0],
  beta2: [-1, 1],
  beta3: [0, 0],
  beta4: [0, 0],
});

const cases: [ExactProblem, readonly [Method, number][]][] = [
  [wave, diagonal.map((method): [Method, number] => [method, 1.5])],
  [
    cubic,
    [
      ...diagonal.map((method): [Method, number] => [method, 1.5]),
      [eulerMaruyama, 0.5],
      [milstein, 1],
      [platen, 1],
    ],
  ],
  // with noise that is additive and a drift that is linear the next terms vanish too
  [
    additive,
    [...forAdditive.map((method): [Method, number] => [method, 2]), [diagonal[2], 2], [eulerMaruyama, 1]],
  ],
];

describe.each(cases.map(([problem, methods]) => ({ name: problem.name, problem, methods })))(
  "on $name, over paths that are refined",
  ({ problem: { problem, exact }, methods }) => {
    let path: BrownianPath<readonly number[]>;
    let ends: Float64Array;
    beforeAll(() => {
      path = brownianPath(problem, { seed: 1 });
      path.refine(linspace(0, 1, 257));
      ends = endOf(path).map(exact);
    });

    it.each(methods.map(([method, order]) => ({ name: method.name, method, order })))(
      "$name has strong order $order",
      ({ method, order }) => {
        const errors = stepCounts.map((count) => {
          const grid = linspace(0, 1, count + 1).slice(1);
          const { y1 } = solveSde(problem, { method, path, grid, target: "wasm" });
          const squares = Array.from(y1.data, (end, i) => (end - ends[i]) ** 2).reduce(
            (sum, each) => sum + each,
          );
          return Math.sqrt(squares / ends.length);
        });
        expect(Math.abs(slope(stepCounts, errors) - order)).toBeLessThan(tolerance);
      },
    );
  },
);

/** Order by which errors fall with the number of steps: least squares in logarithms. */
function slope(counts: readonly number[], errors: readonly number[]): number {
  const [x, y] = [counts, errors].map((values) => values.map(Math.log));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const products = x.map((each, i) => (each - mx) * (y[i] - my));
  return -mean(products) / mean(x.map((each) => (each - mx) ** 2));
}
