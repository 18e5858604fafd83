import * as tf from "@tensorflow/tfjs-core";
import { learningRateAt } from "../schedules.js";
import { type AdaptiveOptions, movingAverage, withDefaults } from "./adaptive.js";
import type { Optimizer } from "./optimizer.js";

/**
 * m is a moving average of the gradient and s one of (gradient - m)^2, with the new m; the step is
 * learningRate m / (sqrt(s) + epsilon) (Zhuang et al., NeurIPS 2020, without their correction for the start at zero, as in
 * Flux 0.11).
 */
export function adaBelief(options: AdaptiveOptions = {}): Optimizer {
  const { learningRate, beta1, beta2, epsilon, decay } = withDefaults(options);
  return {
    name: "adaBelief",
    slots: ["mean", "surprise"],
    rate: (iteration) => learningRateAt(learningRate, iteration),
    scalars: (iteration) => ({ scale: 1 / (1 + decay * iteration) }),
    update: ({ param, gradient, mean, surprise, rate, scale }) => {
      const scaled = tf.mul(gradient, scale);
      const nextMean = movingAverage(mean, scaled, beta1);
      const nextSurprise = movingAverage(surprise, tf.squaredDifference(scaled, nextMean), beta2);
      const step = tf.mul(tf.div(nextMean, tf.add(tf.sqrt(nextSurprise), epsilon)), rate);
      return { param: tf.sub(param, step), mean: nextMean, surprise: nextSurprise };
    },
  };
}
