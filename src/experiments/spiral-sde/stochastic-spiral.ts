import * as tf from "@tensorflow/tfjs-core";
import { linspace, type NdArray, ndArray } from "../../compiler/nd-array.js";
import { sdeProblem } from "../../solvers/sde/sde-problem.js";
import { solveSde } from "../../solvers/sde/solve-sde.js";
import { sosri } from "../../solvers/sde/tableaux/sosri.js";
import { type Moments, momentsOf } from "./moments.js";

/** Which data to simulate. */
export interface StochasticSpiralOptions {
  readonly span: readonly [number, number];
  /** Times of the moments, evenly spaced from start to end. */
  readonly points: number;
  readonly paths: number;
  /** Decides the noise. @defaultValue 0 */
  readonly seed?: number;
}

/** Steps at least: they leave errors of 0.002 in the moments along the same paths, where luck has up to 0.01 in 10,000 paths. */
const leastSteps = 150;

/** The start of so many paths, of shape [paths, 2]: all at (2, 0). */
export function spiralStarts(paths: number): NdArray {
  return ndArray(
    [paths, 2],
    Float64Array.from({ length: 2 * paths }, (_, i) => (i % 2 === 0 ? 2 : 0)),
  );
}

/**
 * Means and variances of du = u^3 A dt + 0.2 u dW, u(0) = (2, 0), with an independent Wiener process for each of the two
 * components. A has the signs that the data of Pal et al. (ICML 2021) show; their equation 15 has those beside the diagonal the
 * other way round, with which the spiral turns clockwise. All times are ends of steps.
 */
export function stochasticSpiral(options: StochasticSpiralOptions): Moments {
  const { span, points, paths, seed = 0 } = options;
  const stepsBetween = Math.ceil(leastSteps / (points - 1));
  const problem = sdeProblem({
    drift: (_, u, { a }) => tf.matMul(tf.pow(u, 3), a),
    diffusion: (_, u) => tf.mul(u, 0.2),
    y0: spiralStarts(paths),
    span,
    params: {
      a: [
        [-0.1, 2],
        [-2, -0.1],
      ],
    },
  });
  const grid = linspace(...span, (points - 1) * stepsBetween + 1);
  const times = grid.filter((_, i) => i % stepsBetween === 0);
  const { ys } = solveSde(problem, {
    method: sosri,
    seed,
    grid: grid.slice(1),
    saveAt: times,
    target: "wasm",
  });
  return momentsOf(times, ys);
}
