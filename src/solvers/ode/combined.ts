import * as tf from "@tensorflow/tfjs-core";

/** A state or a slope, leaf by leaf. */
export type Leaves = readonly tf.Tensor[];

/** base + h sum_i weights_i slopes_i, leaf by leaf; without a base, the sum alone. */
export function combined(
  base: Leaves | undefined,
  h: tf.Tensor,
  weights: readonly number[],
  slopes: readonly Leaves[],
): tf.Tensor[] {
  return slopes[0].map((_, leaf) => {
    const terms = weights.flatMap((weight, i) =>
      weight === 0 ? [] : [tf.mul(slopes[i][leaf], tf.mul(h, weight))],
    );
    return (base ? [base[leaf], ...terms] : terms).reduce((sum, term) => tf.add(sum, term));
  });
}
