import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SolutionCotangents } from "../../../src/solvers/ode/solve-vjp.js";
import type { StepRecord } from "../../../src/solvers/ode/step-records.js";
import { eulerMaruyama } from "../../../src/solvers/sde/euler-maruyama.js";
import { milstein } from "../../../src/solvers/sde/milstein.js";
import { brownianPath } from "../../../src/solvers/sde/noise-paths.js";
import type { SdeMethod } from "../../../src/solvers/sde/sde-method.js";
import { solveSdeVjp } from "../../../src/solvers/sde/solve-sde-vjp.js";
import { allStochasticTableaux } from "../../../src/solvers/sde/tableaux/all-stochastic-tableaux.js";
import type { StochasticTableau } from "../../../src/solvers/sde/tableaux/stochastic-tableau.js";
import { derivativeAtZero } from "../../laws/directional-derivative.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { double, doubles, type ReferenceGradient } from "../../reference-data.js";
import { boundedNoise } from "./bounded-noise.js";
import { gradientNoise, stochasticGradients } from "./stochastic-reference.js";

/** The problem of discrete_gradients in tests/reference/ode-problems.json: its steps, its noise, its tolerance. */
const steps = 8;
const times = Array.from({ length: steps + 1 }, (_, i) => i / steps);
const noise = { times, dW: gradientNoise.dW.map(doubles), dZ: gradientNoise.dZ.map(doubles) };
const start = { y0: [0.5, -0.3], p: [0.25, 0.5, 0.05] };
const tolerance = 0.14;

function solved(
  method: StochasticTableau | SdeMethod,
  { y0, p }: typeof start,
  options: Pick<Parameters<typeof solveSdeVjp>[1] & object, "target" | "precision">,
) {
  const problem = boundedNoise(method.noise, y0, p, [0, 1]);
  const path = brownianPath(problem, { noise });
  return solveSdeVjp(problem, {
    ...options,
    method,
    path,
    grid: times.slice(1),
    rtol: tolerance,
    atol: tolerance,
  });
}

const perStep = (value: number) => new Float64Array(steps).fill(value);
const methodsWithReference = allStochasticTableaux.filter(stochasticGradients);
/** One of each kind, with all that a step can have. */
const representatives = methodsWithReference.filter(({ stiffnessPair }) => stiffnessPair);

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  const { precision } = target;
  const relative = precision === "float64" ? 1e-12 : 2e-5;

  describe.each(target.name === "wasm" ? methodsWithReference : representatives)(
    "a solve along given noise by $name",
    (method) => {
      const { y_end, L, R_E_scaled, R_S } = stochasticGradients(method) as NonNullable<
        ReturnType<typeof stochasticGradients>
      >;
      let taped: ReturnType<typeof solved>;
      beforeAll(() => {
        taped = solved(method, start, { target, precision });
      });
      afterAll(() => taped.dispose());

      const sum = (of: (step: StepRecord) => number): number =>
        taped.solution.steps.reduce((total, step) => total + of(step), 0);

      function expectGradient(
        cotangents: SolutionCotangents,
        wanted: ReferenceGradient,
        within = relative,
      ): void {
        const { y0, params } = taped.pullback(cotangents);
        const largest = Math.max(...doubles([...wanted.d_y0, ...wanted.d_p]).map(Math.abs));
        expect(y0).toBeAllclose(doubles(wanted.d_y0), { relative: 0, absolute: within * largest });
        expect(params.p).toBeAllclose(doubles(wanted.d_p), { relative: 0, absolute: within * largest });
      }

      it("has the reference's end and gradient of the loss", () => {
        const { y1 } = taped.solution;
        expect(y1).toBeAllclose(doubles(y_end), { relative: 10 * relative });
        expectGradient({ y1: [2 * y1.data[0], 1 / 2] }, L);
      });

      it("has the reference's sum of h E and its gradient", () => {
        expect(sum((step) => step.h * step.error)).toBeAllclose(double(R_E_scaled.value), { relative });
        expectGradient({ error: perStep(1 / steps) }, R_E_scaled);
      });

      if (R_S) {
        it("has the reference's sum of S and its gradient", () => {
          expect(sum((step) => step.stiffness)).toBeAllclose(double(R_S.value), { relative: 20 * relative });
          expectGradient({ stiffness: perStep(1) }, R_S, 20 * relative);
        });
      }
    },
  );
});

// the file has no gradients of the others: theirs are compared with differences
describe.each([...allStochasticTableaux, eulerMaruyama, milstein])("the gradient by $name", (method) => {
  it("is the derivative along every input", () => {
    const taped = solved(method, start, {});
    const estimates = taped.solution.steps.every(({ error }) => error > 0);
    const cotangents = { y1: [0.7, -1.1], ...(estimates && { error: perStep(0.3) }) };
    const { y0, params } = taped.pullback(cotangents);
    taped.dispose();
    const loss = (moved: typeof start): number => {
      const { solution, dispose } = solved(method, moved, {});
      dispose();
      const errors = solution.steps.reduce((sum, { error }) => sum + error, 0);
      return 0.7 * solution.y1.data[0] - 1.1 * solution.y1.data[1] + 0.3 * (estimates ? errors : 0);
    };
    const along = (values: readonly number[], i: number, by: number): number[] =>
      values.map((value, j) => (j === i ? value + by : value));
    const differences = [
      ...start.y0.map((_, i) => derivativeAtZero((by) => loss({ ...start, y0: along(start.y0, i, by) }))),
      ...start.p.map((_, i) => derivativeAtZero((by) => loss({ ...start, p: along(start.p, i, by) }))),
    ];
    [...y0.data, ...params.p.data].forEach((value, i) => {
      const absolute = 1e-9 + 10 * differences[i].uncertainty;
      expect(value).toBeAllclose(differences[i].value, { relative: 0, absolute });
    });
  });
});
