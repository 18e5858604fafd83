import * as tf from "@tensorflow/tfjs-core";
import { learningRateAt } from "../schedules.js";
import { type AdaptiveOptions, movingAverage, withDefaults } from "./adaptive.js";
import type { Optimizer } from "./optimizer.js";

/**
 * m and v are moving averages of the gradient and of its square, both corrected for their start at zero; the step is
 * learningRate m / (sqrt(v) + epsilon) (Kingma and Ba, ICLR 2015, algorithm 1; as in Flux 0.11, epsilon outside the root).
 */
export function adam(options: AdaptiveOptions = {}): Optimizer {
  const { learningRate, beta1, beta2, epsilon, decay } = withDefaults(options);
  return {
    name: "adam",
    slots: ["mean", "square"],
    rate: (iteration) => learningRateAt(learningRate, iteration),
    scalars: (iteration) => ({
      scale: 1 / (1 + decay * iteration),
      meanWeight: 1 - beta1 ** iteration,
      squareWeight: 1 - beta2 ** iteration,
    }),
    update: ({ param, gradient, mean, square, rate, scale, meanWeight, squareWeight }) => {
      const scaled = tf.mul(gradient, scale);
      const nextMean = movingAverage(mean, scaled, beta1);
      const nextSquare = movingAverage(square, tf.square(scaled), beta2);
      const size = tf.add(tf.sqrt(tf.div(nextSquare, squareWeight)), epsilon);
      const step = tf.mul(tf.div(tf.div(nextMean, meanWeight), size), rate);
      return { param: tf.sub(param, step), mean: nextMean, square: nextSquare };
    },
  };
}
