import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../../models/model.js";
import { WholeFit } from "../../training/whole-fit.js";
import type { Moments } from "./moments.js";
import { spiralStarts } from "./stochastic-spiral.js";

/**
 * The fit of a model's means and variances over paths to given ones: the loss is the mean of squared differences of the means
 * and that of the variances (Pal et al., ICML 2021, code; their equation 16 has sums). Every iteration solves new paths as
 * one system; evaluations all see the same.
 *
 * @param paths of the model in a forward pass, at least 2
 */
export function momentFit(model: Model, { means, variances }: Moments, paths: number): WholeFit {
  return new WholeFit({
    model,
    inputs: spiralStarts(paths),
    data: { means, variances },
    loss: (states, data) => momentLoss(states, data.means, data.variances),
  });
}

/** Of states of shape [times, paths, 2]. */
function momentLoss(states: tf.Tensor, means: tf.Tensor, variances: tf.Tensor): tf.Tensor {
  const [, paths] = states.shape;
  const mean = tf.mean(states, 1, true);
  const variance = tf.div(tf.sum(tf.squaredDifference(states, mean), 1), paths - 1);
  const meanLoss = tf.mean(tf.squaredDifference(tf.squeeze(mean, [1]), means));
  return tf.add(meanLoss, tf.mean(tf.squaredDifference(variance, variances)));
}
