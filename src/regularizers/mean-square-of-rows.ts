import * as tf from "@tensorflow/tfjs-core";

/** Mean of squares over all axes but the first: a number for each row. */
export function meanSquareOfRows(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(1);
  return axes.length === 0 ? tf.square(x) : tf.mean(tf.square(x), axes);
}
