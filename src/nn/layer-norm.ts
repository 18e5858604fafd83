import * as tf from "@tensorflow/tfjs-core";
import { zeros } from "../compiler/nd-array.js";
import { ones } from "./initialisers.js";
import type { Layer } from "./layer.js";

/** Options of layer normalisation. */
export interface LayerNormOptions {
  /** Length of the last axis. */
  readonly features: number;
  /** What is added to the variance, so that equal features give no quotient of zeros. @defaultValue 1e-5 */
  readonly epsilon?: number;
}

/**
 * scale (x - mean) / sqrt(variance + epsilon) + offset, with mean and variance over the last axis (Ba, Kiros and Hinton,
 * 2016). The scale starts at one, the offset at zero.
 */
export function layerNorm({ features, epsilon = 1e-5 }: LayerNormOptions): Layer {
  return {
    params: { scale: [features], offset: [features] },
    initialise: () => ({ scale: ones([features]), offset: zeros([features]) }),
    apply: ({ scale, offset }, x) => tf.add(tf.mul(normalised(x, [-1], epsilon), scale), offset),
  };
}

/** (x - mean) / sqrt(variance + epsilon), with mean and variance over axes. */
export function normalised(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
}
