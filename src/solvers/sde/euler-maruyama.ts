import * as tf from "@tensorflow/tfjs-core";
import type { SdeMethod } from "./sde-method.js";

/**
 * Euler and Maruyama's method: strong order 1/2, for additive noise 1; for prescribed steps, as it has no error estimate.
 *
 * Maruyama, Rendiconti del Circolo Matematico di Palermo 4, 1955, 48-90.
 */
export const eulerMaruyama: SdeMethod = {
  name: "eulerMaruyama",
  noise: "diagonal",
  order: 0.5,
  estimatesError: false,
  estimatesStiffness: false,
  stabilitySize: 2,
  evaluations: { drift: 1, diffusion: 1 },
  step: ({ drift, diffusion }, { t, h, y, dW }) => {
    const slope = drift(t, y);
    const noise = diffusion(t, y);
    return {
      next: y.map((leaf, i) => tf.add(leaf, tf.add(tf.mul(slope[i], h), tf.mul(noise[i], dW[i])))),
    };
  },
};
