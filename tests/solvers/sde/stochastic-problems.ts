import * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../../../src/compiler/nd-array.js";
import type { BrownianPath } from "../../../src/solvers/sde/brownian-path.js";
import { type SdeProblem, sdeProblem } from "../../../src/solvers/sde/sde-problem.js";

/** Many paths of a scalar problem as one system, with its exact end by the end of each path. */
export interface ExactProblem {
  readonly name: string;
  readonly problem: SdeProblem<readonly number[], Record<string, never>>;
  exact(w: number): number;
}

/** How many paths. */
const pathCount = 1500;

const each = (y0: number): number[] => new Array(pathCount).fill(y0);

/** dy = -sin y cos^3 y dt + cos^2 y dW, whose solution is atan(W + tan y0) (Kloeden, Platen 1992, 4.4.34, a = 1). */
export const wave: ExactProblem = {
  name: "wave",
  problem: sdeProblem({
    drift: (_, y) => tf.neg(tf.mul(tf.sin(y), tf.pow(tf.cos(y), 3))),
    diffusion: (_, y) => tf.square(tf.cos(y)),
    y0: each(1),
    span: [0, 1],
  }),
  exact: (w) => Math.atan(w + Math.tan(1)),
};

/** `cubic` of tests/reference/ode-problems.json. */
export const cubic: ExactProblem = {
  name: "cubic",
  problem: sdeProblem({
    drift: (_, y) => tf.mul(tf.mul(y, tf.sub(1, tf.square(y))), -0.25),
    diffusion: (_, y) => tf.mul(tf.sub(1, tf.square(y)), 0.5),
    y0: each(0.5),
    span: [0, 1],
  }),
  exact: (w) => (1.5 * Math.exp(w) - 0.5) / (1.5 * Math.exp(w) + 0.5),
};

/** `additive` of tests/reference/ode-problems.json with a = b = 1. */
export const additive: ExactProblem = {
  name: "additive",
  problem: sdeProblem({
    drift: (t, y) => {
      const later = tf.add(t, 1);
      return tf.sub(tf.div(1, tf.sqrt(later)), tf.div(y, tf.mul(later, 2)));
    },
    diffusion: (t, y) => tf.div(tf.onesLike(y), tf.sqrt(tf.add(t, 1))),
    y0: each(1),
    span: [0, 1],
    noise: "additive",
  }),
  exact: (w) => (2 + w) / Math.SQRT2,
};

/** Where each of many paths is at its last known time. */
export function endOf(path: BrownianPath<readonly number[]>): Float64Array {
  const { data } = path.values() as NdArray;
  return Float64Array.from(data.subarray(data.length - pathCount));
}
