import * as tf from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node } from "../../graph/node.js";
import { broadcast, concat, pad, reshape, tile, transpose } from "../../operations/arrange.js";
import { cast } from "../../operations/cast.js";
import { reverse, slice } from "../../operations/slice.js";
import { shapeText, sizeOf, withLength } from "../../shape.js";
import { elementTypeOf } from "../trace-backend.js";
import { axesOf, type KernelRules } from "./kernel-rule.js";

/** Operations that make arrays of known numbers. */
export const creatingKernels: KernelRules = {
  Fill: (builder, _, { value, shape, dtype }) =>
    builder.constant(value, shape, elementTypeOf(dtype ?? "float32")),
  ZerosLike: (builder, { x }) => builder.constant(0, x.shape, x.type),
  OnesLike: (builder, { x }) => builder.constant(1, x.shape, x.type),
  // tfjs itself would round these to float32
  LinSpace: (builder, _, { start, stop, num }) => {
    const numbers = Array.from(
      { length: num },
      (_, i) => start + (i * (stop - start)) / Math.max(num - 1, 1),
    );
    return builder.constant(numbers, [num]);
  },
  Range: (builder, _, { start, stop, step, dtype }) => {
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const numbers = Array.from({ length }, (_, i) => start + i * step);
    return builder.constant(numbers, [length], elementTypeOf(dtype));
  },
};

/** Operations that move elements. */
export const arrangingKernels: KernelRules = {
  Identity: (_, { x }) => x,
  Cast: (builder, { x }, { dtype }) => cast(builder, x, elementTypeOf(dtype)),
  Reshape: (builder, { x }, { shape }) =>
    reshape(builder, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ExpandDims: (builder, { input }, { dim }) => withAxis(builder, input, dim),
  Transpose: (builder, { x }, { perm }) => transpose(builder, x, perm),
  Concat: (builder, inputs, { axis }) => {
    const parts = Object.values(inputs);
    return concat(builder, parts, axesOf(axis, parts[0])[0]);
  },
  Pack: (builder, inputs, { axis }) => {
    const parts = Object.values(inputs);
    const at = axis < 0 ? axis + parts[0].shape.length + 1 : axis;
    return concat(
      builder,
      parts.map((part) => withAxis(builder, part, at)),
      at,
    );
  },
  Unpack: (builder, { value }, { axis }) => {
    const [at] = axesOf(axis, value);
    const shape = value.shape.filter((_, i) => i !== at);
    const parts = split(builder, value, new Array<number>(value.shape[at]).fill(1), at);
    return parts.map((part) => reshape(builder, part, shape));
  },
  SplitV: (builder, { x }, { numOrSizeSplits, axis }) => {
    const [at] = axesOf(axis, x);
    const sizes = Array.isArray(numOrSizeSplits)
      ? withInferredSize(numOrSizeSplits, x.shape[at])
      : new Array<number>(numOrSizeSplits).fill(x.shape[at] / numOrSizeSplits);
    return split(builder, x, sizes, at);
  },
  Slice: (builder, { x }, attributes) => {
    // a number stands for the first axis alone, -1 for whatever is left
    const all = { shape: [...x.shape], rank: x.shape.length } as tf.Tensor;
    const [begin, shape] = tf.slice_util.parseSliceParams(all, attributes.begin, attributes.size);
    return slice(builder, x, begin, shape);
  },
  StridedSlice: (builder, { x }, attributes) => {
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
    const { begin, end, strides, finalShape } = tf.slice_util.sliceInfo(
      [...x.shape],
      attributes.begin,
      attributes.end,
      attributes.strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    const shape = tf.slice_util.computeOutShape(begin, end, strides);
    return reshape(builder, slice(builder, x, begin, shape, strides), finalShape);
  },
  Reverse: (builder, { x }, { dims }) => reverse(builder, x, axesOf(dims, x)),
  Tile: (builder, { x }, { reps }) => tile(builder, x, reps),
  BroadcastTo: (builder, { x }, { shape }) => broadcast(builder, x, shape),
  PadV2: (builder, { x }, { paddings, constantValue }) => pad(builder, x, paddings, constantValue),
  MirrorPad: (builder, { x }, { paddings, mode }) =>
    (paddings as [number, number][]).reduce(
      (node, margins, axis) => mirrored(builder, node, axis, margins, mode === "reflect" ? 1 : 0),
      x,
    ),
};

function withAxis(builder: GraphBuilder, node: Node, dim: number): Node {
  const shape = [...node.shape];
  shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
  return reshape(builder, node, shape);
}

function split(builder: GraphBuilder, node: Node, sizes: readonly number[], axis: number): Node[] {
  if (sizes.reduce((sum, size) => sum + size, 0) !== node.shape[axis] || !sizes.every(Number.isInteger)) {
    throw new RangeError(
      `split: axis ${axis} of ${shapeText(node.shape)} does not divide into lengths ${sizes.join(", ")}`,
    );
  }
  let offset = 0;
  return sizes.map((length) => {
    const part = partAlong(builder, node, axis, offset, length);
    offset += length;
    return part;
  });
}

function partAlong(builder: GraphBuilder, node: Node, axis: number, from: number, length: number): Node {
  const start = node.shape.map(() => 0);
  return slice(builder, node, withLength(start, axis, from), withLength(node.shape, axis, length));
}

function withInferredSize(sizes: readonly number[], total: number): number[] {
  const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
  return sizes.map((size) => (size === -1 ? total - known : size));
}

/** Extends an axis at both ends by its own elements in the opposite order, leaving out `skipped` at the border. */
function mirrored(
  builder: GraphBuilder,
  node: Node,
  axis: number,
  [before, after]: readonly [number, number],
  skipped: number,
): Node {
  const turned = (from: number, length: number): Node =>
    reverse(builder, partAlong(builder, node, axis, from, length), [axis]);
  const end = node.shape[axis] - skipped;
  return concat(builder, [turned(skipped, before), node, turned(end - after, after)], axis);
}
