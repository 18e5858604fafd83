import type { GraphBuilder } from "../graph/graph-builder.js";
import type { BroadcastNode, ConcatNode, Node, ReshapeNode, TransposeNode } from "../graph/node.js";
import { uniformValue } from "../graph/node.js";
import {
  broadcastShapes,
  type Shape,
  sameShape,
  shapeText,
  sizeOf,
  stridesOf,
  withLength,
} from "../shape.js";
import { constantData, placesOf, rearrangedConstant, refilled, reshapedConstant } from "./constants.js";

/** The same elements under another shape. */
export function reshape(builder: GraphBuilder, node: Node, shape: Shape): Node {
  if (sameShape(node.shape, shape)) return node;
  if (sizeOf(node.shape) !== sizeOf(shape)) {
    throw new RangeError(`reshape: ${shapeText(node.shape)} has not as many elements as ${shapeText(shape)}`);
  }
  if (node.operation === "reshape") return reshape(builder, node.inputs[0], shape);
  return (
    reshapedConstant(builder, node, shape) ??
    builder.make<ReshapeNode>({ operation: "reshape", inputs: [node], shape, type: node.type })
  );
}

/** Repeats a node to a larger shape. */
export function broadcast(builder: GraphBuilder, node: Node, shape: Shape): Node {
  if (sameShape(node.shape, shape)) return node;
  if (!sameShape(broadcastShapes(node.shape, shape), shape)) {
    throw new RangeError(`broadcast: ${shapeText(node.shape)} does not repeat to ${shapeText(shape)}`);
  }
  if (sizeOf(node.shape) === sizeOf(shape)) return reshape(builder, node, shape);
  if (node.operation === "broadcast") return broadcast(builder, node.inputs[0], shape);
  return (
    refilled(builder, node, shape) ??
    builder.make<BroadcastNode>({ operation: "broadcast", inputs: [node], shape, type: node.type })
  );
}

/** Axes in another order. */
export function transpose(builder: GraphBuilder, node: Node, permutation: readonly number[]): Node {
  if (permutation.every((axis, i) => axis === i)) return node;
  const shape = permutation.map((axis) => node.shape[axis]);
  if (node.operation === "transpose") {
    return transpose(
      builder,
      node.inputs[0],
      permutation.map((axis) => node.permutation[axis]),
    );
  }
  if (node.shape.filter((length) => length > 1).length <= 1) return reshape(builder, node, shape);
  return (
    rearrangedConstant(builder, node, shape, () => placesOf(shape, turnedStrides(node.shape, permutation))) ??
    builder.make<TransposeNode>({
      operation: "transpose",
      inputs: [node],
      permutation,
      shape,
      type: node.type,
    })
  );
}

function turnedStrides(shape: Shape, permutation: readonly number[]): number[] {
  const strides = stridesOf(shape);
  return permutation.map((axis) => strides[axis]);
}

/**
 * Arrays one after the other along an axis.
 *
 * @throws RangeError when two arrays differ along another axis.
 */
export function concat(builder: GraphBuilder, nodes: readonly Node[], axis: number): Node {
  for (const { shape } of nodes) requireSameOutside(axis, nodes[0].shape, shape);
  const parts = nodes.filter((node) => node.shape[axis] > 0);
  if (parts.length < 2) return parts[0] ?? nodes[0];
  const length = parts.reduce((sum, node) => sum + node.shape[axis], 0);
  const shape = withLength(parts[0].shape, axis, length);
  return (
    joinedConstants(builder, parts, axis, shape) ??
    builder.make<ConcatNode>({ operation: "concat", inputs: parts, axis, shape, type: parts[0].type })
  );
}

function joinedConstants(
  builder: GraphBuilder,
  parts: readonly Node[],
  axis: number,
  shape: Shape,
): Node | undefined {
  if (!parts.every((part) => part.operation === "constant")) return undefined;
  const { type } = parts[0];
  const value = uniformValue(parts[0]);
  if (value !== undefined && parts.every((part) => uniformValue(part) === value)) {
    return builder.constant(value, shape, type);
  }
  const strides = stridesOf(shape);
  const data = new Float64Array(sizeOf(shape));
  let offset = 0;
  for (const part of parts) {
    const elements = constantData(part);
    placesOf(part.shape, strides, offset).forEach((place, i) => {
      data[place] = elements[i];
    });
    offset += part.shape[axis] * strides[axis];
  }
  return builder.constant(data, shape, type);
}

function requireSameOutside(axis: number, first: Shape, other: Shape): void {
  const outside = (shape: Shape): Shape => shape.filter((_, i) => i !== axis);
  if (first.length === other.length && sameShape(outside(first), outside(other))) return;
  throw new RangeError(
    `concat: ${shapeText(first)} and ${shapeText(other)} differ along an axis other than axis ${axis}`,
  );
}

/** Surrounds a node with a number: `margins[axis]` is [before, after]. */
export function pad(
  builder: GraphBuilder,
  node: Node,
  margins: readonly (readonly [number, number])[],
  value: number,
): Node {
  let result = node;
  margins.forEach(([before, after], axis) => {
    const block = (length: number): Node =>
      builder.constant(value, withLength(result.shape, axis, length), node.type);
    if (before || after) result = concat(builder, [block(before), result, block(after)], axis);
  });
  return result;
}

/** Repeats a node `repetitions[axis]` times along each axis. */
export function tile(builder: GraphBuilder, node: Node, repetitions: readonly number[]): Node {
  let result = node;
  repetitions.forEach((count, axis) => {
    if (count === 1) return;
    if (result.shape[axis] === 1) {
      result = broadcast(builder, result, withLength(result.shape, axis, count));
    } else {
      result = concat(builder, new Array<Node>(count).fill(result), axis);
    }
  });
  return result;
}
