import * as tf from "@tensorflow/tfjs-core";
import type { Leaves } from "./combined.js";

/** Over what errors are measured, as tensors of a traced function. */
export interface ErrorWeights {
  /** Absolute tolerance of each leaf: a scalar, or an array that broadcasts to it. */
  readonly atol: Leaves;
  /** Relative tolerance of each leaf, likewise. */
  readonly rtol: Leaves;
  /** Whether each leaf steers the steps: the others are left out of every norm. */
  readonly steers: readonly boolean[];
}

/**
 * The norm of changes of a state from y to y1: root mean square over atol + rtol max(|y|, |y1|), element by element
 * (Hairer, Norsett, Wanner I, II.4, eq. 4.10 and 4.11), of the leaves that steer. An infinite tolerance makes an element
 * count as 0.
 */
export function errorNorm({ atol, rtol, steers }: ErrorWeights, y: Leaves, y1: Leaves = y) {
  const scale = y.map((leaf, i) => {
    const size = leaf === y1[i] ? tf.abs(leaf) : tf.maximum(tf.abs(leaf), tf.abs(y1[i]));
    return tf.add(tf.mul(size, rtol[i]), atol[i]);
  });
  return (leaves: Leaves): tf.Tensor =>
    rootMeanSquare(
      leaves.map((leaf, i) => tf.div(leaf, scale[i])),
      steers,
    );
}

/**
 * Root mean square over all elements of the leaves that steer, NaN if one of them is; its gradient at zero is zero, not
 * 0/0.
 */
export function rootMeanSquare(leaves: Leaves, steers: readonly boolean[]): tf.Tensor {
  const steering = leaves.filter((_, i) => steers[i]);
  const count = steering.reduce((sum, leaf) => sum + leaf.size, 0);
  const squares = steering.map((leaf) => tf.sum(tf.square(leaf))).reduce((a, b) => tf.add(a, b));
  const mean = tf.mul(squares, 1 / count);
  const isZero = tf.equal(mean, 0);
  return tf.where(isZero, tf.zerosLike(mean), tf.sqrt(tf.where(isZero, tf.onesLike(mean), mean)));
}
