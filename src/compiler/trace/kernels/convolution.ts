import * as tf from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node } from "../../graph/node.js";
import { concat, reshape, transpose } from "../../operations/arrange.js";
import { apply } from "../../operations/elementwise.js";
import { matMul } from "../../operations/mat-mul.js";
import { slice } from "../../operations/slice.js";
import { type Shape, sizeOf } from "../../shape.js";
import { TraceError } from "../trace-error.js";
import { biasedAndActivated } from "./activations.js";
import type { Attributes, KernelRule, KernelRules } from "./kernel-rule.js";
import { sumOfWindows, type WindowInfo, windowsOf } from "./windows.js";

/** A convolution of images of shape [batch, height, width, channels]. */
type Convolution = (builder: GraphBuilder, images: Node, filter: Node, info: WindowInfo) => Node;

/** Every window as a row of a matrix, times the filter as a matrix: one matrix product for the whole batch. */
const convolution: Convolution = (builder, images, filter, info) => {
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const inner = sizeOf(filter.shape.slice(0, 3));
  const rows = reshape(builder, concat(builder, windowsOf(builder, images, info, 0), 3), [
    batchSize * outHeight * outWidth,
    inner,
  ]);
  const product = matMul(builder, rows, reshape(builder, filter, [inner, outChannels]));
  return reshape(builder, product, [batchSize, outHeight, outWidth, outChannels]);
};

/** Each channel by filters of its own: the sum over the window's places of pixels times weights. */
const depthwiseConvolution: Convolution = (builder, images, filter, info) => {
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const [channels, filters] = filter.shape.slice(2);
  const weights = reshape(builder, filter, [sizeOf(filter.shape.slice(0, 2)), channels, filters]);
  const terms = windowsOf(builder, images, info, 0).map((pixels, place) => {
    const weight = slice(builder, weights, [place, 0, 0], [1, channels, filters]);
    return apply(builder, "mul", reshape(builder, pixels, [...pixels.shape, 1]), weight);
  });
  const sum = terms.reduce((total, term) => apply(builder, "add", total, term));
  return reshape(builder, sum, [batchSize, outHeight, outWidth, outChannels]);
};

/** The adjoint of the convolution in its images. */
const transposedConvolution: Convolution = (builder, results, filter, info) => {
  const { batchSize, outHeight, outWidth, inChannels, outChannels } = info;
  const places = info.filterHeight * info.filterWidth;
  const rows = reshape(builder, results, [batchSize * outHeight * outWidth, outChannels]);
  const weights = reshape(builder, filter, [places * inChannels, outChannels]);
  const shape = [batchSize, outHeight, outWidth, inChannels];
  const product = reshape(builder, matMul(builder, rows, weights, false, true), [
    ...shape.slice(0, 3),
    places * inChannels,
  ]);
  const windows = Array.from({ length: places }, (_, place) =>
    slice(builder, product, [0, 0, 0, place * inChannels], shape),
  );
  return sumOfWindows(builder, windows, info);
};

const convolutionKernel =
  (convolve: Convolution, depthwise: boolean): KernelRule =>
  (builder, inputs, attributes) => {
    const images = channelsLast(builder, inputs.x, attributes);
    const info = infoOf(images.shape, inputs.filter.shape, attributes, depthwise);
    const product = convolve(builder, images, inputs.filter, info);
    const { preluActivationWeights: slope } = inputs;
    if (attributes.dataFormat === "NCHW" && slope && slope.shape.length > 1) {
      throw new TraceError(
        "a fused convolution in the format NCHW with a prelu of more than one axis cannot be traced; apply prelu by itself",
      );
    }
    return asGiven(builder, biasedAndActivated(builder, product, inputs, attributes), attributes);
  };

/** Convolutions as matrix products; images in the format NCHW are transposed to NHWC and back. */
export const convolutionKernels: KernelRules = {
  Conv2D: convolutionKernel(convolution, false),
  FusedConv2D: convolutionKernel(convolution, false),
  DepthwiseConv2dNative: convolutionKernel(depthwiseConvolution, true),
  FusedDepthwiseConv2D: convolutionKernel(depthwiseConvolution, true),
  Conv2DBackpropInput: (builder, { dy, filter }, attributes) => {
    const { inputShape } = attributes;
    const shape =
      attributes.dataFormat === "NCHW" ? [0, 2, 3, 1].map((axis) => inputShape[axis]) : inputShape;
    const info = infoOf(shape, filter.shape, attributes, false);
    const images = transposedConvolution(builder, channelsLast(builder, dy, attributes), filter, info);
    return asGiven(builder, images, attributes);
  },
};

function channelsLast(builder: GraphBuilder, images: Node, { dataFormat }: Attributes): Node {
  return dataFormat === "NCHW" ? transpose(builder, images, [0, 2, 3, 1]) : images;
}

function asGiven(builder: GraphBuilder, images: Node, { dataFormat }: Attributes): Node {
  return dataFormat === "NCHW" ? transpose(builder, images, [0, 3, 1, 2]) : images;
}

type Lengths4 = [number, number, number, number];

function infoOf(images: Shape, filter: Shape, attributes: Attributes, depthwise: boolean): WindowInfo {
  const { strides, dilations, pad, dataFormat, dimRoundingMode } = attributes;
  const margins = Array.isArray(pad) && dataFormat === "NCHW" ? [pad[0], pad[2], pad[3], pad[1]] : pad;
  return tf.backend_util.computeConv2DInfo(
    [...images] as Lengths4,
    [...filter] as Lengths4,
    strides,
    dilations ?? 1,
    margins,
    dimRoundingMode,
    depthwise,
  );
}
