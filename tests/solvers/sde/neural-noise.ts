import * as tf from "@tensorflow/tfjs-core";
import { Random } from "../../../src/compiler/random.js";
import type { VectorField } from "../../../src/solvers/ode/ode-problem.js";
import { type SdeProblem, sdeProblem } from "../../../src/solvers/sde/sde-problem.js";

/** A state of two named leaves. */
export type Pair = {
  readonly position: readonly (readonly number[])[];
  readonly speed: { readonly value: readonly number[] };
};

/** Parameters of a small network. */
export type Weights = {
  readonly w: readonly (readonly number[])[];
  readonly gain: number;
};

type Field = VectorField<Pair, Weights>;

const drift: Field = (t, { position, speed }, { w }) => ({
  position: tf.tanh(tf.matMul(position, w)),
  speed: { value: tf.sub(tf.sin(t), tf.mul(speed.value, 2)) },
});

const diffusion: Field = (_, { position, speed }, { gain }) => ({
  position: tf.mul(gain, tf.sigmoid(position)),
  speed: { value: tf.mul(speed.value, 0.3) },
});

/** A small network's stochastic problem: named leaves, parameters that reach drift and diffusion. */
export function neuralNoise(seed: number): SdeProblem<Pair, Weights> {
  const random = new Random(seed);
  const row = (count: number): number[] => Array.from({ length: count }, () => random.normal());
  return sdeProblem({
    drift,
    diffusion,
    y0: { position: [row(2), row(2), row(2)], speed: { value: row(2) } },
    params: { w: [row(2), row(2)], gain: 0.5 },
    span: [0, 1],
  });
}
