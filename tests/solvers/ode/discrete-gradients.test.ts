import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NdArray } from "../../../src/compiler/nd-array.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { type SolutionCotangents, type SolveVjp, solveVjp } from "../../../src/solvers/ode/solve.js";
import { dopri5 } from "../../../src/solvers/tableaux/dopri5.js";
import type { Tableau } from "../../../src/solvers/tableaux/tableau.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { expectClose } from "../../laws/close-to.js";
import { discreteGradients, double, doubles, type ReferenceGradient } from "../../reference-data.js";
import { euler, heunEuler, rk4 } from "../user-tableaux.js";
import { doublePlaces, type Place, singlePlaces } from "./targets.js";

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

// E and S are made of differences of nearly equal numbers, which costs digits. In single precision E of a method of
// order 5 is nothing but rounding here, so that only the coarse method's is compared.
const places: (Place & { loss: number; estimates: number; errorOf: readonly Tableau[] })[] = [
  ...doublePlaces.map((place) => ({
    ...place,
    loss: 1e-13,
    estimates: 1e-9,
    errorOf: [heunEuler, dopri5, tsit5],
  })),
  ...singlePlaces.map((place) => ({ ...place, loss: 1e-5, estimates: 1e-2, errorOf: [heunEuler] })),
];

describe.each(places)(
  "a solve on a fixed grid, on $target, $precision",
  ({ loss, estimates, errorOf, ...place }) => {
    describe.each([euler, heunEuler, rk4, dopri5, tsit5])("by $name", (method) => {
      const { y_end, L, R_E_scaled, R_S } = discreteGradients[method.name];
      let taped: SolveVjp;
      beforeAll(() => {
        taped = solveVjp(problem, { ...place, method, grid, rtol: tolerance, atol: tolerance });
      });
      afterAll(() => taped.dispose());

      const end = () => (taped.solution.y1 as NdArray).data;
      const ones = (value: number) => new Float64Array(steps).fill(value);

      function expectGradient(
        cotangents: SolutionCotangents,
        wanted: ReferenceGradient,
        relative: number,
      ): void {
        const { y0, params } = taped.pullback(cotangents);
        const { p } = params as { p: NdArray };
        const largest = Math.max(...doubles([...wanted.d_y0, ...wanted.d_p]).map(Math.abs));
        const closeness = { relative, absolute: relative * largest };
        expectClose((y0 as NdArray).data, doubles(wanted.d_y0), closeness, "gradient by y0");
        expectClose(p.data, doubles(wanted.d_p), closeness, "gradient by p");
      }

      it("has the reference's end and gradient of the loss", () => {
        expect(taped.solution.code).toBe("success");
        expectClose(end(), doubles(y_end), { relative: loss });
        const [a, b] = end();
        expectClose([a ** 2 + b / 2], [double(L.value)], { relative: loss }, "loss");
        expectGradient({ y1: [2 * a, 1 / 2] }, L, loss);
      });

      if (R_E_scaled && errorOf.includes(method))
        it("has the reference's sum of h E and its gradient", () => {
          const sum = taped.solution.steps.reduce((total, step) => total + step.h * step.error, 0);
          expectClose([sum], [double(R_E_scaled.value)], { relative: estimates }, "sum of h E");
          expectGradient({ error: ones(h) }, R_E_scaled, estimates);
        });

      if (R_S)
        it("has the reference's sum of S and its gradient", () => {
          const sum = taped.solution.steps.reduce((total, step) => total + step.stiffness, 0);
          expectClose([sum], [double(R_S.value)], { relative: estimates }, "sum of S");
          expectGradient({ stiffness: ones(1) }, R_S, estimates);
        });

      if (R_E_scaled && R_S)
        it("pulls back loss and estimates together as it does one by one", () => {
          const parts = [{ y1: [1, -1] }, { error: ones(h) }, { stiffness: ones(1) }].map((c) =>
            flat(taped.pullback(c)),
          );
          const together = flat(taped.pullback({ y1: [1, -1], error: ones(h), stiffness: ones(1) }));
          const sums = together.map((_, i) => parts.reduce((sum, part) => sum + part[i], 0));
          const largest = Math.max(...parts.flat().map(Math.abs));
          expectClose(together, sums, { absolute: largest * (place.precision === "float64" ? 1e-12 : 1e-3) });
        });
    });
  },
);

function flat({ y0, params }: ReturnType<SolveVjp["pullback"]>): number[] {
  return [...(y0 as NdArray).data, ...(params as { p: NdArray }).p.data];
}
