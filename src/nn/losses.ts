import * as tf from "@tensorflow/tfjs-core";

/** A traced loss of a model's output and its targets, a scalar: the mean over the batch. */
export type Loss = (output: tf.Tensor, targets: tf.Tensor) => tf.Tensor;

/** Mean over the batch of -log softmax(logits)[class]; targets are one-hot rows, shapes [batch, classes]. */
export const softmaxCrossEntropy: Loss = (logits, targets) =>
  tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)));

/** Mean of squared differences over all elements. */
export const meanSquaredError: Loss = (output, targets) => tf.mean(tf.squaredDifference(output, targets));
