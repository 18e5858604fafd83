import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { type SolutionCotangents, solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import type { StepRecord } from "../../../src/solvers/ode/step-records.js";
import { dopri5 } from "../../../src/solvers/tableaux/dopri5.js";
import { euler } from "../../../src/solvers/tableaux/euler.js";
import { heun } from "../../../src/solvers/tableaux/heun.js";
import { rk4 } from "../../../src/solvers/tableaux/rk4.js";
import type { Tableau } from "../../../src/solvers/tableaux/tableau.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { allTargets, targetText } from "../../laws/programs.js";
import {
  discreteGradients,
  double,
  doubles,
  type ReferenceGradient,
  referenceName,
} from "../../reference-data.js";

const steps = 8;
const h = 1 / steps;

/** The problem of discrete_gradients in tests/reference/ode-problems.json: its eight steps, its tolerance. */
const problem = odeProblem({
  field: (t, y, { p }) => {
    const [a, b] = tf.unstack(y);
    const [p0, p1, p2, p3] = tf.unstack(p);
    const product = tf.mul(a, b);
    return tf.stack([
      tf.add(tf.sub(tf.mul(p0, a), tf.mul(p1, product)), tf.div(t, 10)),
      tf.sub(tf.mul(p3, product), tf.mul(p2, b)),
    ]);
  },
  y0: [1, 1],
  params: { p: [1.5, 1, 3, 1] },
  span: [0, 1],
});
const grid = Array.from({ length: steps }, (_, i) => (i + 1) * h);
const tolerance = 1e-6;

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  const { precision } = target;
  const exact = precision === "float64";
  // E and S are made of differences of nearly equal numbers, which costs digits; in single precision, E of a method of
  // order 5 is nothing but rounding here, so that only the coarse method's is compared
  const [loss, estimates, sums] = exact ? [1e-13, 1e-9, 1e-12] : [1e-5, 1e-2, 1e-3];
  const comparesError = (method: Tableau): boolean => exact || method === heun;

  describe.each([euler, heun, rk4, dopri5, tsit5])("a solve on a fixed grid by $name", (method) => {
    const { y_end, L, R_E_scaled, R_S } = discreteGradients[referenceName(method)];
    const solveTaped = () =>
      solveVjp(problem, { target, precision, method, grid, rtol: tolerance, atol: tolerance });
    let taped: ReturnType<typeof solveTaped>;
    beforeAll(() => {
      taped = solveTaped();
    });
    afterAll(() => taped.dispose());

    const perStep = (value: number) => new Float64Array(steps).fill(value);
    const sum = (of: (step: StepRecord) => number): number =>
      taped.solution.steps.reduce((total, step) => total + of(step), 0);

    function expectGradient(
      cotangents: SolutionCotangents,
      wanted: ReferenceGradient,
      relative: number,
    ): void {
      const { y0, params } = taped.pullback(cotangents);
      const largest = Math.max(...doubles([...wanted.d_y0, ...wanted.d_p]).map(Math.abs));
      expect(y0).toBeAllclose(doubles(wanted.d_y0), { relative: 0, absolute: relative * largest });
      expect(params.p).toBeAllclose(doubles(wanted.d_p), { relative: 0, absolute: relative * largest });
    }

    it("has the reference's end and gradient of the loss", () => {
      const { code, y1 } = taped.solution;
      expect(code).toBe("success");
      expect(y1).toBeAllclose(doubles(y_end), { relative: loss });
      const [a, b] = y1.data;
      expect(a ** 2 + b / 2).toBeAllclose(double(L.value), { relative: loss });
      expectGradient({ y1: [2 * a, 1 / 2] }, L, loss);
    });

    if (R_E_scaled && comparesError(method)) {
      it("has the reference's sum of h E and its gradient", () => {
        expect(sum((step) => step.h * step.error)).toBeAllclose(double(R_E_scaled.value), {
          relative: estimates,
        });
        expectGradient({ error: perStep(h) }, R_E_scaled, estimates);
      });
    }

    if (R_S) {
      it("has the reference's sum of S and its gradient", () => {
        expect(sum((step) => step.stiffness)).toBeAllclose(double(R_S.value), { relative: estimates });
        expectGradient({ stiffness: perStep(1) }, R_S, estimates);
      });
    }

    if (R_E_scaled && R_S) {
      it("pulls back loss and estimates together as it does one by one", () => {
        const cotangents = { y1: [1, -1], error: perStep(h), stiffness: perStep(1) };
        const parts = Object.entries(cotangents).map(([name, value]) => pulledBack({ [name]: value }));
        const wanted = parts[0].map((_, i) => parts.reduce((total, part) => total + part[i], 0));
        const largest = Math.max(...parts.flat().map(Math.abs));
        expect(pulledBack(cotangents)).toBeAllclose(wanted, { relative: 0, absolute: sums * largest });
      });
    }

    function pulledBack(cotangents: SolutionCotangents): number[] {
      const { y0, params } = taped.pullback(cotangents);
      return [...y0.data, ...params.p.data];
    }
  });
});
