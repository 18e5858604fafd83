import * as tf from "@tensorflow/tfjs-core";
import type { Target } from "../../compiler/targets/target.js";
import type { Block } from "../../models/block.js";
import { divergenceName } from "../../models/latent-ode.js";
import { inputsName, outputName } from "../../models/model.js";
import { lossName } from "../../models/objective.js";
import { tracedBlock } from "../../models/traced-block.js";

/** The name under which the squared error is written. */
export const squaredErrorName = "squaredError";
/** The name under which the weight of the divergence is read, a scalar. */
export const divergenceWeightName = "divergenceWeight";

/** Standard deviation of an observation around its reconstruction (Rubanova et al., NeurIPS 2019, code). */
const deviation = 0.01;

/** -ln of the normal density at its mean. */
const negativeLogPeak = Math.log(deviation) + Math.log(2 * Math.PI) / 2;

/**
 * The bound on the likelihood of records, negative: of an observation's normal density, as a mean over the observations of
 * each record and then over records (a record without any has an error of zero), and the weighted divergence. The code of Pal
 * et al. (ICML 2021) counts the density's constant for cells without an observation, too, which only moves the loss.
 */
export function recordLossBlock(hours: number, batch: number, features: number, target: Target): Block {
  const shape = [hours, batch, features];
  return tracedBlock(
    {
      reads: {
        [outputName]: shape,
        [inputsName]: [hours, batch, 2 * features],
        [divergenceName]: [],
        [divergenceWeightName]: [],
      },
      withRespectTo: [outputName, divergenceName],
      of: [lossName],
      run: (read) => {
        const [values, observed] = tf.split(read[inputsName], 2, 2);
        const errors = tf.mul(tf.sub(read[outputName], values), observed);
        const count = tf.maximum(tf.sum(observed, [0, 2]), 1);
        const squaredError = tf.mean(tf.div(tf.sum(tf.square(errors), [0, 2]), count));
        const reconstruction = tf.add(tf.div(squaredError, 2 * deviation ** 2), negativeLogPeak);
        const divergence = tf.mul(read[divergenceWeightName], read[divergenceName]);
        return { [lossName]: tf.add(reconstruction, divergence), [squaredErrorName]: squaredError };
      },
    },
    target,
  );
}
