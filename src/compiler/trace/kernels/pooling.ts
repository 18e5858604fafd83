import * as tf from "@tensorflow/tfjs-core";
import type { Node } from "../../graph/node.js";
import { apply } from "../../operations/elementwise.js";
import type { Attributes, KernelRules } from "./kernel-rule.js";
import { type WindowInfo, windowsOf } from "./windows.js";

/** Mean and maximum over windows of images of shape [batch, height, width, channels]. */
export const poolingKernels: KernelRules = {
  AvgPool: (builder, { x }, attributes) => {
    const info = infoOf(x, attributes);
    const windows = windowsOf(builder, x, info, 0);
    const sum = windows.reduce((total, pixels) => apply(builder, "add", total, pixels));
    const ones = builder.constant(1, [1, ...x.shape.slice(1, 3), 1]);
    const inside = windowsOf(builder, ones, { ...info, batchSize: 1 }, 0);
    const count = inside.reduce((total, pixels) => apply(builder, "add", total, pixels));
    return apply(builder, "div", sum, count);
  },
  MaxPool: (builder, { x }, attributes) =>
    windowsOf(builder, x, infoOf(x, attributes), Number.NEGATIVE_INFINITY).reduce((largest, pixels) =>
      apply(builder, "maximum", largest, pixels),
    ),
};

function infoOf({ shape }: Node, { filterSize, strides, pad, dimRoundingMode }: Attributes): WindowInfo {
  const lengths = [...shape] as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(lengths, filterSize, strides, 1, pad, dimRoundingMode);
}
