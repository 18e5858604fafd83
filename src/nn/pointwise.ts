import type * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "./layer.js";

/** A tfjs function as a layer without parameters, such as `pointwise((y) => tf.pow(y, 3))`. */
export function pointwise(f: (batch: tf.Tensor) => tf.Tensor): Layer {
  return { params: {}, initialise: () => ({}), apply: (_, batch) => f(batch) };
}
