import * as tf from "@tensorflow/tfjs-core";
import type { VectorField } from "../../../src/solvers/ode/ode-problem.js";
import { type SdeProblem, sdeProblem } from "../../../src/solvers/sde/sde-problem.js";
import type { NoiseKind } from "../../../src/solvers/sde/tableaux/stochastic-tableau.js";

type Params = { readonly p: readonly number[] };
type Field = VectorField<readonly number[], Params>;

const room = (y: tf.Tensor): tf.Tensor => tf.sub(1, tf.square(y));

const drift: Field = (t, y, { p }) => tf.sub(tf.div(t, 10), tf.mul(tf.mul(tf.unstack(p)[0], y), room(y)));

const diffusions: Readonly<Record<NoiseKind, Field>> = {
  diagonal: (t, y, { p }) => {
    const [, p1, p2] = tf.unstack(p);
    return tf.add(tf.mul(p1, room(y)), tf.mul(p2, t));
  },
  additive: (t, y, { p }) => {
    const [, p1, p2] = tf.unstack(p);
    return tf.mul(tf.onesLike(y), tf.add(p1, tf.mul(p2, t)));
  },
};

/**
 * The stochastic problem of tests/reference: f = -p0 y (1 - y^2) + t / 10, g = p1 (1 - y^2) + p2 t, for additive noise
 * g = p1 + p2 t.
 */
export function boundedNoise(
  noise: NoiseKind,
  y0: readonly number[],
  p: readonly number[],
  span: readonly [number, number],
): SdeProblem<readonly number[], Params> {
  return sdeProblem({ drift, diffusion: diffusions[noise], y0, params: { p }, span, noise });
}
