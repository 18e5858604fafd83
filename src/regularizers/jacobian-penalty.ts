import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../compiler/random.js";
import type { Schedule } from "../nn/schedules.js";
import { meanSquareOfRows } from "./mean-square-of-rows.js";
import type { IntegrandRegularizer } from "./regularizer.js";

/** Distributions of mean 0 and variance 1. */
const noises = {
  normal: (random: Random) => random.normal(),
  rademacher: (random: Random) => (random.uniform() < 0.5 ? -1 : 1),
};

/** Options of the Jacobian penalty. */
export interface JacobianPenaltyOptions {
  readonly weight: Schedule;
  /** How the elements of eps are distributed. @defaultValue "normal" */
  readonly noise?: keyof typeof noises;
  /** Whether the integral's own error has a say in the step sizes. @defaultValue false */
  readonly steers?: boolean;
}

/**
 * Penalises the Jacobian of the field: the integral of ||eps^T df/dy||^2, whose expectation over eps is the squared Frobenius
 * norm, mean over the state's elements and the batch; eps is drawn once for each solve (Finlay et al., ICML 2020, "How to
 * Train Your Neural ODE", after Hutchinson, 1990).
 */
export function jacobianPenalty(options: JacobianPenaltyOptions): IntegrandRegularizer {
  const { weight, noise = "normal", steers = false } = options;
  return {
    name: "jacobian",
    settings: { noise, steers },
    weight,
    steers,
    probe: noises[noise],
    integrand: ({ t, y, field, probe }) => {
      const along = (state: tf.Tensor): tf.Scalar => tf.sum(tf.mul(field(t, state), probe));
      return meanSquareOfRows(tf.grad(along)(y));
    },
  };
}
