import * as tf from "@tensorflow/tfjs-core";
import type { Leaves } from "./combined.js";

/** Absolute and relative tolerance, as tensors of a traced function. */
export interface ToleranceTensors {
  readonly atol: tf.Tensor;
  readonly rtol: tf.Tensor;
}

/** The leaves over which norms are taken: those that steer the steps. */
export function steering(leaves: Leaves, steers: readonly boolean[]): Leaves {
  return leaves.filter((_, i) => steers[i]);
}

/** Root mean square over all elements of all leaves, NaN if one of them is; its gradient at zero is zero, not 0/0. */
export function rootMeanSquare(leaves: readonly tf.Tensor[]): tf.Tensor {
  const count = leaves.reduce((sum, leaf) => sum + leaf.size, 0);
  const squares = leaves.map((leaf) => tf.sum(tf.square(leaf))).reduce((a, b) => tf.add(a, b));
  const mean = tf.mul(squares, 1 / count);
  const isZero = tf.equal(mean, 0);
  return tf.where(isZero, tf.zerosLike(mean), tf.sqrt(tf.where(isZero, tf.onesLike(mean), mean)));
}

/** atol + rtol max(|y|, |y1|), element by element (Hairer, Norsett, Wanner I, II.4, eq. 4.10). */
export function errorScale(
  { atol, rtol }: ToleranceTensors,
  y: readonly tf.Tensor[],
  y1: readonly tf.Tensor[] = y,
): tf.Tensor[] {
  return y.map((leaf, i) => {
    const size = leaf === y1[i] ? tf.abs(leaf) : tf.maximum(tf.abs(leaf), tf.abs(y1[i]));
    return tf.add(tf.mul(size, rtol), atol);
  });
}

/** Root mean square of leaves over their scales. */
export function scaledNorm(leaves: readonly tf.Tensor[], scale: readonly tf.Tensor[]): tf.Tensor {
  return rootMeanSquare(leaves.map((leaf, i) => tf.div(leaf, scale[i])));
}
