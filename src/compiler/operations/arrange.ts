import type { GraphBuilder } from "../graph/graph-builder.js";
import type {
  BroadcastNode,
  ConcatNode,
  MatMulNode,
  Node,
  ReshapeNode,
  SliceNode,
  TransposeNode,
} from "../graph/node.js";
import { uniformValue } from "../graph/node.js";
import { broadcastShapes, type Shape, sameShape, shapeText, sizeOf } from "../shape.js";
import { refilled, reshapedConstant } from "./constants.js";
import { matMul } from "./mat-mul.js";

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
    refilled(builder, node, shape) ??
    builder.make<TransposeNode>({
      operation: "transpose",
      inputs: [node],
      permutation,
      shape,
      type: node.type,
    })
  );
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
  const shape = parts[0].shape.map((size, i) => (i === axis ? length : size));
  const value = uniformValue(parts[0]);
  if (value !== undefined && parts.every((part) => uniformValue(part) === value)) {
    return builder.constant(value, shape, parts[0].type);
  }
  return builder.make<ConcatNode>({ operation: "concat", inputs: parts, axis, shape, type: parts[0].type });
}

function requireSameOutside(axis: number, first: Shape, other: Shape): void {
  const outside = (shape: Shape): Shape => shape.filter((_, i) => i !== axis);
  if (first.length === other.length && sameShape(outside(first), outside(other))) return;
  throw new RangeError(
    `concat: ${shapeText(first)} and ${shapeText(other)} differ along an axis other than axis ${axis}`,
  );
}

/**
 * The box of the given shape that starts at `begin`.
 *
 * @throws RangeError when it is not inside the array.
 */
export function slice(builder: GraphBuilder, node: Node, begin: readonly number[], shape: Shape): Node {
  if (shape.some((length, axis) => begin[axis] < 0 || begin[axis] + length > node.shape[axis])) {
    throw new RangeError(
      `slice: ${shapeText(shape)} from ${shapeText(begin)} is not inside ${shapeText(node.shape)}`,
    );
  }
  if (sameShape(node.shape, shape)) return node;
  if (node.operation === "slice") {
    return slice(
      builder,
      node.inputs[0],
      begin.map((start, axis) => start + node.begin[axis]),
      shape,
    );
  }
  return (
    refilled(builder, node, shape) ??
    sliceOfBroadcast(builder, node, shape) ??
    sliceOfConcat(builder, node, begin, shape) ??
    sliceOfProduct(builder, node, begin, shape) ??
    builder.make<SliceNode>({ operation: "slice", inputs: [node], begin, shape, type: node.type })
  );
}

function sliceOfBroadcast(builder: GraphBuilder, node: Node, shape: Shape): Node | undefined {
  if (node.operation !== "broadcast") return undefined;
  const inner = node.inputs[0];
  if (inner.shape.length !== shape.length) return undefined;
  const whole = inner.shape.every((length, axis) => length === 1 || shape[axis] === node.shape[axis]);
  return whole ? broadcast(builder, inner, shape) : undefined;
}

function sliceOfConcat(
  builder: GraphBuilder,
  node: Node,
  begin: readonly number[],
  shape: Shape,
): Node | undefined {
  if (node.operation !== "concat") return undefined;
  const { axis } = node;
  let offset = 0;
  for (const part of node.inputs) {
    const inside = begin[axis] >= offset && begin[axis] + shape[axis] <= offset + part.shape[axis];
    if (inside)
      return slice(
        builder,
        part,
        begin.map((start, i) => (i === axis ? start - offset : start)),
        shape,
      );
    offset += part.shape[axis];
  }
  return undefined;
}

/** Columns of A B are A times columns of B: drops the unused column of a gradient through concat([y, t]). */
function sliceOfProduct(
  builder: GraphBuilder,
  node: Node,
  begin: readonly number[],
  shape: Shape,
): Node | undefined {
  if (node.operation !== "matMul" || node.shape.length !== 2) return undefined;
  if (begin[0] !== 0 || shape[0] !== node.shape[0]) return undefined;
  const { transposeA, transposeB } = node as MatMulNode;
  const [a, b] = node.inputs;
  if (b.operation !== "input" && b.operation !== "constant") return undefined;
  const columns = transposeB
    ? slice(builder, b, [begin[1], 0], [shape[1], b.shape[1]])
    : slice(builder, b, [0, begin[1]], [b.shape[0], shape[1]]);
  return matMul(builder, a, columns, transposeA, transposeB);
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
      builder.constant(
        value,
        result.shape.map((size, i) => (i === axis ? length : size)),
        node.type,
      );
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
      result = broadcast(
        builder,
        result,
        result.shape.map((size, i) => (i === axis ? count : size)),
      );
    } else {
      result = concat(builder, new Array<Node>(count).fill(result), axis);
    }
  });
  return result;
}
