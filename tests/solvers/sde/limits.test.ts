import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linspace, type NdArray } from "../../../src/compiler/nd-array.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { sdeProblem } from "../../../src/solvers/sde/sde-problem.js";
import { solveSde } from "../../../src/solvers/sde/solve-sde.js";
import { allStochasticTableaux } from "../../../src/solvers/sde/tableaux/all-stochastic-tableaux.js";
import { tableau } from "../../../src/solvers/tableaux/tableau.js";

const span = [0.5, 2] as const;
const grid = linspace(span[0], span[1], 9).slice(1);
const drift = (t: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.sub(tf.sin(tf.mul(y, 2)), tf.mul(t, y));
const y0 = [0.3, -1.2, 2];

describe.each(allStochasticTableaux)("by $name", (method) => {
  const { name, a0, alpha } = method;

  it("without noise, a step is that of the drift's Runge–Kutta method", () => {
    const deterministic = tableau({ name, order: 2, errorOrder: 2, a: a0, b: alpha });
    const wanted = solve(odeProblem({ field: drift, y0, span }), { method: deterministic, grid });
    const still = sdeProblem({ drift, diffusion: (_, y) => tf.zerosLike(y), y0, span, noise: "additive" });
    expect(solveSde(still, { method, grid }).y1).toBeAllclose(wanted.y1, { relative: 1e-12 });
  });

  it("without a drift, unit noise is the path itself", () => {
    const pure = sdeProblem({
      drift: (_, y) => tf.zerosLike(y),
      diffusion: (_, y) => tf.onesLike(y),
      y0,
      span,
      noise: "additive",
    });
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { y1, path } = solveSde(pure, { method, seed });
        const { data } = path.values() as NdArray;
        const w = data.subarray(data.length - y0.length);
        expect(y1).toBeAllclose(
          y0.map((start, i) => start + w[i]),
          { relative: 1e-12 },
        );
      }),
      { numRuns: 10 },
    );
  });
});
