import * as tf from "@tensorflow/tfjs-core";
import { penalisedWeights, type WeightPenaltyOptions } from "./penalised-weights.js";
import type { ParameterRegularizer } from "./regularizer.js";

/** Penalises the field's weights w: sum w^2, over matrices and kernels unless told otherwise; not divided by anything. */
export function l2Penalty(options: WeightPenaltyOptions): ParameterRegularizer {
  return {
    name: "l2",
    weight: options.weight,
    parameters: (params) => {
      const norms = penalisedWeights("l2Penalty", params, options).map((w) => tf.sum(tf.square(w)));
      return norms.reduce((sum, norm) => tf.add(sum, norm));
    },
  };
}
