import * as tf from "@tensorflow/tfjs-core";

/** Number of rows whose largest logit is that of their class; targets are one-hot rows. A traced scalar. */
export function correctCount(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const own = tf.sum(tf.mul(logits, targets), -1);
  return tf.sum(tf.cast(tf.greaterEqual(own, tf.max(logits, -1)), "float32"));
}
