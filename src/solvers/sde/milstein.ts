import * as tf from "@tensorflow/tfjs-core";
import { jvpOf } from "../../compiler/trace/derivative-functions.js";
import type { SdeMethod } from "./sde-method.js";

/**
 * Milstein's method for diagonal noise: strong order 1, with the diffusion's exact derivative; for prescribed steps, as it
 * has no error estimate.
 *
 * Milstein, Theory of Probability and its Applications 19(3), 1975, 557-562.
 */
export const milstein: SdeMethod = {
  name: "milstein",
  noise: "diagonal",
  order: 1,
  estimatesError: false,
  estimatesStiffness: false,
  stabilitySize: 2,
  evaluations: { drift: 1, diffusion: 1 },
  step: ({ drift, diffusion }, { t, h, y, dW }) => {
    const slope = drift(t, y);
    const noise = diffusion(t, y);
    return {
      next: y.map((leaf, i) => {
        // g_i depends on y_i alone, so that its derivative along g is g_i' g_i
        const { tangent } = jvpOf((...leaves) => diffusion(t, leaves)[i], y, noise);
        const correction = tf.mul(tf.mul(tangent, 1 / 2), tf.sub(tf.square(dW[i]), h));
        return tf.addN([leaf, tf.mul(slope[i], h), tf.mul(noise[i], dW[i]), correction]);
      }),
    };
  },
};
