import type { backend_util } from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node } from "../../graph/node.js";
import { pad } from "../../operations/arrange.js";
import { apply } from "../../operations/elementwise.js";
import { slice, unslice } from "../../operations/slice.js";

/** What tfjs computes from the attributes of a convolution or pooling: lengths, strides, dilations and margins. */
export type WindowInfo = backend_util.Conv2DInfo;

type Margins = readonly (readonly [number, number])[];

/** For each place in the window of a filter, from left to right and from top to bottom: [row, column]. */
function placesIn({ filterHeight, filterWidth }: WindowInfo): [number, number][] {
  return Array.from({ length: filterHeight * filterWidth }, (_, i) => [
    Math.floor(i / filterWidth),
    i % filterWidth,
  ]);
}

/**
 * What lies under each place of a window that moves over images: of images of shape [batch, height, width, channels], one
 * node of shape [batch, windows down, windows across, channels] per place, in the order of `placesIn`.
 *
 * @param fill what lies outside the images
 */
export function windowsOf(builder: GraphBuilder, images: Node, info: WindowInfo, fill: number): Node[] {
  const padded = pad(builder, images, marginsOf(info), fill);
  const { batchSize, outHeight, outWidth } = info;
  const shape = [batchSize, outHeight, outWidth, images.shape[3]];
  return placesIn(info).map((place) => slice(builder, padded, beginOf(place, info), shape, stridesOf(info)));
}

/** The adjoint of `windowsOf`: images to which each node is added at the place from which its window was taken. */
export function sumOfWindows(builder: GraphBuilder, windows: readonly Node[], info: WindowInfo): Node {
  const margins = marginsOf(info);
  const channels = windows[0].shape[3];
  const shape = [info.batchSize, info.inHeight, info.inWidth, channels];
  const padded = shape.map((length, axis) => margins[axis][0] + length + margins[axis][1]);
  const places = placesIn(info);
  const sum = windows
    .map((window, i) => unslice(builder, window, beginOf(places[i], info), stridesOf(info), padded))
    .reduce((total, term) => apply(builder, "add", total, term));
  return slice(
    builder,
    sum,
    margins.map(([before]) => before),
    shape,
  );
}

const beginOf = ([row, column]: readonly [number, number], info: WindowInfo): number[] => [
  0,
  row * info.dilationHeight,
  column * info.dilationWidth,
  0,
];

const stridesOf = ({ strideHeight, strideWidth }: WindowInfo): number[] => [1, strideHeight, strideWidth, 1];

/** As much as the windows read, which may be less or more than the padding that was asked for at the end. */
function marginsOf(info: WindowInfo): Margins {
  const { inHeight, outHeight, strideHeight, effectiveFilterHeight, padInfo } = info;
  const { inWidth, outWidth, strideWidth, effectiveFilterWidth } = info;
  const after = (before: number, length: number, count: number, stride: number, window: number): number =>
    Math.max(0, (count - 1) * stride + window - before - length);
  return [
    [0, 0],
    [padInfo.top, after(padInfo.top, inHeight, outHeight, strideHeight, effectiveFilterHeight)],
    [padInfo.left, after(padInfo.left, inWidth, outWidth, strideWidth, effectiveFilterWidth)],
    [0, 0],
  ];
}
