import * as tf from "@tensorflow/tfjs-core";
import { penalisedWeights, type WeightPenaltyOptions } from "./penalised-weights.js";
import type { ParameterRegularizer } from "./regularizer.js";

/** Penalises the field's weights w: sum |w|, over matrices and kernels unless told otherwise; not divided by anything. */
export function l1Penalty(options: WeightPenaltyOptions): ParameterRegularizer {
  return {
    name: "l1",
    weight: options.weight,
    parameters: (params) => {
      const norms = penalisedWeights("l1Penalty", params, options).map((w) => tf.sum(tf.abs(w)));
      return norms.reduce((sum, norm) => tf.add(sum, norm));
    },
  };
}
