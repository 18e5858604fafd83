import * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../../compiler/nd-array.js";
import { odeProblem } from "../../solvers/ode/ode-problem.js";
import { solve } from "../../solvers/ode/solve.js";
import { vern7 } from "../../solvers/tableaux/vern7.js";

/** Where the spiral starts. */
export const spiralStart: NdArray = { shape: [1, 2], data: Float64Array.of(2, 0) };

/**
 * States of the true spiral u' = u^3 A at evenly spaced times from the start of the span to its end, of shape
 * [times, 1, 2]. The recipe is that of the DiffEqFlux tutorial of 2021; Pal et al. (ICML 2021, Figure 2) do not print
 * theirs.
 */
export function trueSpiral(
  span: readonly [number, number],
  points: number,
): { times: number[]; states: NdArray } {
  const [start, end] = span;
  const times = Array.from({ length: points }, (_, i) => start + ((end - start) * i) / (points - 1));
  const problem = odeProblem({
    field: (_t, u, p) => tf.matMul(tf.pow(u, 3), p.a),
    y0: [[2, 0]],
    span: [start, end],
    params: {
      a: [
        [-0.1, 2],
        [-2, -0.1],
      ],
    },
  });
  const { ys } = solve(problem, { method: vern7, rtol: 1e-12, atol: 1e-12, saveAt: times });
  return { times, states: ys };
}
