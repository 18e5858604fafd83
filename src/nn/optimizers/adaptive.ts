import * as tf from "@tensorflow/tfjs-core";
import type { LearningRate } from "../schedules.js";

/** Options of the optimizers that scale each parameter's step by the size of its gradients. */
export interface AdaptiveOptions {
  /** @defaultValue 0.001 */
  readonly learningRate?: LearningRate;
  /** How much of the gradients' mean is kept from one iteration to the next. @defaultValue 0.9 */
  readonly beta1?: number;
  /** How much of the gradients' size is kept. @defaultValue 0.999 */
  readonly beta2?: number;
  /** Added to the size, outside any root. @defaultValue 1e-8 */
  readonly epsilon?: number;
  /**
   * The gradient is scaled by 1 / (1 + decay n) at iteration n, before all else, as by Flux's InvDecay: steps that do not
   * depend on the gradient's scale hardly change by it. To let them shrink, let the learning rate change. @defaultValue 0
   */
  readonly decay?: number;
}

/** Options with their defaults: those of Flux 0.11. */
export function withDefaults({
  learningRate = 0.001,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  decay = 0,
}: AdaptiveOptions): Required<AdaptiveOptions> {
  return { learningRate, beta1, beta2, epsilon, decay };
}

/** beta mean + (1 - beta) value. */
export function movingAverage(mean: tf.Tensor, value: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(tf.mul(mean, beta), tf.mul(value, 1 - beta));
}
