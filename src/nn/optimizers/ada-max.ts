import * as tf from "@tensorflow/tfjs-core";
import { learningRateAt } from "../schedules.js";
import { type AdaptiveOptions, movingAverage, withDefaults } from "./adaptive.js";
import type { Optimizer } from "./optimizer.js";

/**
 * m is a moving average of the gradient, corrected for its start at zero, u = max(beta2 u, |gradient|); the step is
 * learningRate m / (u + epsilon) (Kingma and Ba, ICLR 2015, algorithm 2; the epsilon as in Flux 0.11).
 */
export function adaMax(options: AdaptiveOptions = {}): Optimizer {
  const { learningRate, beta1, beta2, epsilon, decay } = withDefaults(options);
  return {
    name: "adaMax",
    slots: ["mean", "largest"],
    rate: (iteration) => learningRateAt(learningRate, iteration),
    scalars: (iteration) => ({ scale: 1 / (1 + decay * iteration), meanWeight: 1 - beta1 ** iteration }),
    update: ({ param, gradient, mean, largest, rate, scale, meanWeight }) => {
      const scaled = tf.mul(gradient, scale);
      const nextMean = movingAverage(mean, scaled, beta1);
      const nextLargest = tf.maximum(tf.mul(largest, beta2), tf.abs(scaled));
      const step = tf.mul(tf.div(rate, meanWeight), tf.div(nextMean, tf.add(nextLargest, epsilon)));
      return { param: tf.sub(param, step), mean: nextMean, largest: nextLargest };
    },
  };
}
