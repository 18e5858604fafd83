import * as tf from "@tensorflow/tfjs-core";
import { type LearningRate, learningRateAt } from "../schedules.js";
import type { Optimizer } from "./optimizer.js";

/** Options of gradient descent with momentum. */
export interface MomentumOptions {
  /** @defaultValue 0.1 */
  readonly learningRate?: LearningRate;
  /** @defaultValue 0.9 */
  readonly momentum?: number;
  /** The gradient is scaled by 1 / (1 + decay n) at iteration n. @defaultValue 0 */
  readonly decay?: number;
}

/** v = momentum v - learningRate gradient; param + v (Polyak 1964; decay as in Flux's InvDecay, before the momentum). */
export function momentum(options: MomentumOptions = {}): Optimizer {
  const { learningRate = 0.1, momentum: inertia = 0.9, decay = 0 } = options;
  return {
    name: "momentum",
    slots: ["velocity"],
    // the velocity is linear in the gradient, so that the decay may as well scale the learning rate
    rate: (iteration) => learningRateAt(learningRate, iteration) / (1 + decay * iteration),
    scalars: () => ({ inertia }),
    update: ({ param, gradient, velocity, rate, inertia: kept }) => {
      const next = tf.sub(tf.mul(velocity, kept), tf.mul(gradient, rate));
      return { param: tf.add(param, next), velocity: next };
    },
  };
}
