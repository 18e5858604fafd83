import * as tf from "@tensorflow/tfjs-core";
import { zeros } from "../compiler/nd-array.js";
import { type Activation, activations } from "./activations.js";
import { glorotUniform } from "./initialisers.js";
import type { Layer } from "./layer.js";

/** Options of a convolutional layer. */
export interface Conv2dOptions {
  /** Channels of the images. */
  readonly inputs: number;
  /** Channels of the result. */
  readonly outputs: number;
  /** Height and width of the window. @defaultValue 3 */
  readonly window?: number;
  /** Distance between neighbouring windows. @defaultValue 1 */
  readonly stride?: number;
  /** Whether zeros around the images give a window to every pixel, or windows stay inside. @defaultValue "same" */
  readonly padding?: "same" | "valid";
  /** @defaultValue "linear" */
  readonly activation?: Activation;
  /** Whether time is one more channel of the images, after the others. @defaultValue false */
  readonly time?: boolean;
}

/**
 * activation(images * W + b) for images of shape [batch, height, width, channels]; a time channel is t at every pixel, and
 * 0 outside the images, as any channel. W starts Glorot uniform, b at zero.
 */
export function conv2d({
  inputs,
  outputs,
  window = 3,
  stride = 1,
  padding = "same",
  activation = "linear",
  time = false,
}: Conv2dOptions): Layer {
  const filterShape = [window, window, inputs + (time ? 1 : 0), outputs];
  return {
    params: { filter: filterShape, bias: [outputs] },
    initialise: (random) => ({
      filter: glorotUniform(filterShape, random.split("filter")),
      bias: zeros([outputs]),
    }),
    apply: ({ filter, bias }, images, t) => {
      const read = time ? withTime(images, t) : images;
      const product = tf.conv2d(read as tf.Tensor4D, filter as tf.Tensor4D, stride, padding);
      return activations[activation](tf.add(product, bias));
    },
  };
}

/** The images with the time as their last channel. */
function withTime(images: tf.Tensor, t: tf.Tensor | undefined): tf.Tensor {
  if (!t) throw new TypeError("conv2d: a layer with time: true must be applied with a time");
  return tf.concat([images, tf.mul(tf.ones([...images.shape.slice(0, 3), 1]), t)], 3);
}
