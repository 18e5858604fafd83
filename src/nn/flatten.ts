import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "./layer.js";

/** Every element of the batch as one row: between layers of images and layers of rows. */
export function flatten(): Layer {
  return {
    params: {},
    initialise: () => ({}),
    apply: (_, batch) => tf.reshape(batch, [batch.shape[0], -1]),
  };
}
