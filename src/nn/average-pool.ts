import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "./layer.js";

/** Options of average pooling. */
export interface AveragePoolOptions {
  /** Height and width of the window. */
  readonly window: number;
  /** Distance between neighbouring windows. @defaultValue the window's own width */
  readonly stride?: number;
}

/** Means over square windows of images of shape [batch, height, width, channels]; windows stay inside the images. */
export function averagePool({ window, stride = window }: AveragePoolOptions): Layer {
  return {
    params: {},
    initialise: () => ({}),
    apply: (_, images) => tf.avgPool(images as tf.Tensor4D, window, stride, "valid"),
  };
}
