import * as tf from "@tensorflow/tfjs-core";
import { zeros } from "../compiler/nd-array.js";
import { ones } from "./initialisers.js";
import type { Layer } from "./layer.js";
import { normalised } from "./layer-norm.js";

/** Options of group normalisation. */
export interface GroupNormOptions {
  /** Length of the last axis, the channels of images. */
  readonly channels: number;
  /** Number of groups of neighbouring channels. */
  readonly groups: number;
  /** What is added to the variance, so that equal pixels give no quotient of zeros. @defaultValue 1e-5 */
  readonly epsilon?: number;
}

/**
 * scale (x - mean) / sqrt(variance + epsilon) + offset, with mean and variance over each group of channels and all places
 * of each element of the batch (Wu and He, 2018); the axes are batch, places in any number, channels. The scale starts at
 * one, the offset at zero.
 *
 * @throws RangeError when the channels do not divide into the groups.
 */
export function groupNorm({ channels, groups, epsilon = 1e-5 }: GroupNormOptions): Layer {
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new RangeError(
      `groupNorm: ${channels} channels do not divide into ${groups} groups; choose a divisor of ${channels}`,
    );
  }
  return {
    params: { scale: [channels], offset: [channels] },
    initialise: () => ({ scale: ones([channels]), offset: zeros([channels]) }),
    apply: ({ scale, offset }, x) => {
      const grouped = tf.reshape(x, [x.shape[0], -1, groups, channels / groups]);
      const result = tf.reshape(normalised(grouped, [1, 3], epsilon), x.shape);
      return tf.add(tf.mul(result, scale), offset);
    },
  };
}
