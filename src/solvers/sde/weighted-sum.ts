import * as tf from "@tensorflow/tfjs-core";
import type { Leaves } from "../ode/combined.js";

/**
 * factor sum_i weights_i stages_i, leaf by leaf; nothing where all weights are zero.
 *
 * @param factor - one for all leaves, or one for each
 */
export function weightedSum(
  factor: tf.Tensor | Leaves,
  weights: readonly number[],
  stages: readonly Leaves[],
): Leaves {
  const used = stages.filter((_, i) => weights[i] !== 0);
  const usedWeights = weights.filter((weight) => weight !== 0);
  const factors = factor instanceof tf.Tensor ? used[0]?.map(() => factor) : factor;
  return (used[0] ?? []).map((_, leaf) => {
    const terms = used.map((stage, i) => tf.mul(stage[leaf], usedWeights[i]));
    const sum = terms.reduce((total, term) => tf.add(total, term));
    return tf.mul(sum, factors[leaf]);
  });
}

/** base and everything that is added to it, leaf by leaf. */
export function plus(base: Leaves, ...terms: readonly Leaves[]): tf.Tensor[] {
  return terms
    .filter((term) => term.length > 0)
    .reduce<tf.Tensor[]>((sum, term) => sum.map((leaf, i) => tf.add(leaf, term[i])), [...base]);
}
