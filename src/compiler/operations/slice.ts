import type { GraphBuilder } from "../graph/graph-builder.js";
import type { MatMulNode, Node, SliceNode } from "../graph/node.js";
import { type Shape, sameShape, shapeText, stridesOf, withLength } from "../shape.js";
import { broadcast, pad, reshape } from "./arrange.js";
import { placesOf, rearrangedConstant } from "./constants.js";
import { matMul } from "./mat-mul.js";

/** Which elements a slice takes: along each axis, element i of the result is element begin + i stride. */
interface Box {
  readonly begin: readonly number[];
  readonly strides: readonly number[];
  readonly shape: Shape;
}

/**
 * Elements at equal distances along each axis; without strides, the box of the given shape that starts at `begin`.
 *
 * @throws RangeError when it is not inside the array.
 */
export function slice(
  builder: GraphBuilder,
  node: Node,
  begin: readonly number[],
  shape: Shape,
  strides: readonly number[] = shape.map(() => 1),
): Node {
  // the stride along an axis of one element says nothing: 1 makes equal slices equal nodes
  const box = { begin, shape, strides: strides.map((stride, axis) => (shape[axis] === 1 ? 1 : stride)) };
  requireInside(node.shape, box);
  if (sameShape(node.shape, shape) && box.strides.every((stride) => stride === 1)) return node;
  return (
    sliceOfConstant(builder, node, box) ??
    sliceOfSlice(builder, node, box) ??
    sliceOfBroadcast(builder, node, box) ??
    sliceOfConcat(builder, node, box) ??
    sliceOfProduct(builder, node, box) ??
    builder.make<SliceNode>({ operation: "slice", inputs: [node], ...box, type: node.type })
  );
}

/** The same elements in the opposite order along axes. */
export function reverse(builder: GraphBuilder, node: Node, axes: readonly number[]): Node {
  const turned = (axis: number): boolean => axes.includes(axis);
  const begin = node.shape.map((length, axis) => (turned(axis) ? length - 1 : 0));
  const strides = node.shape.map((_, axis) => (turned(axis) ? -1 : 1));
  return slice(builder, node, begin, node.shape, strides);
}

/**
 * The adjoint of slice: an array of zeros of the given shape, but for the elements of the node at the places from which
 * the slice takes its own.
 */
export function unslice(
  builder: GraphBuilder,
  node: Node,
  begin: readonly number[],
  strides: readonly number[],
  shape: Shape,
): Node {
  const backwards = strides.flatMap((stride, axis) => (stride < 0 ? [axis] : []));
  let result = reverse(builder, node, backwards);
  strides.forEach((stride, axis) => {
    result = dilated(builder, result, axis, Math.abs(stride));
  });
  const margins = shape.map((length, axis) => {
    const covered = result.shape[axis];
    const before = strides[axis] < 0 ? begin[axis] - covered + 1 : begin[axis];
    return [before, length - before - covered] as const;
  });
  return pad(builder, result, margins, 0);
}

/** Zeros between the elements along an axis, so that neighbours have the given distance. */
function dilated(builder: GraphBuilder, node: Node, axis: number, distance: number): Node {
  const { shape } = node;
  const length = shape[axis];
  if (distance === 1 || length < 2) return node;
  const apart = reshape(builder, node, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
  const margins = apart.shape.map((_, i) => [0, i === axis + 1 ? distance - 1 : 0] as const);
  const joined = reshape(
    builder,
    pad(builder, apart, margins, 0),
    withLength(shape, axis, length * distance),
  );
  const start = shape.map(() => 0);
  return slice(builder, joined, start, withLength(shape, axis, (length - 1) * distance + 1));
}

/** The first and the last place that a slice reads along an axis. */
function endsOf({ begin, strides, shape }: Box, axis: number): readonly [number, number] {
  const last = begin[axis] + (shape[axis] - 1) * strides[axis];
  return [Math.min(begin[axis], last), Math.max(begin[axis], last)];
}

function requireInside(whole: Shape, box: Box): void {
  const outside = (length: number, axis: number): boolean => {
    const [first, last] = endsOf(box, axis);
    return first < 0 || last >= length;
  };
  if (!whole.some((length, axis) => box.shape[axis] > 0 && outside(length, axis))) return;
  const step = box.strides.some((stride) => stride !== 1) ? ` with strides ${shapeText(box.strides)}` : "";
  throw new RangeError(
    `slice: ${shapeText(box.shape)} from ${shapeText(box.begin)}${step} is not inside ${shapeText(whole)}`,
  );
}

function sliceOfConstant(
  builder: GraphBuilder,
  node: Node,
  { begin, strides, shape }: Box,
): Node | undefined {
  const own = stridesOf(node.shape);
  const offset = begin.reduce((sum, first, axis) => sum + first * own[axis], 0);
  const steps = strides.map((stride, axis) => stride * own[axis]);
  return rearrangedConstant(builder, node, shape, () => placesOf(shape, steps, offset));
}

function sliceOfSlice(builder: GraphBuilder, node: Node, { begin, strides, shape }: Box): Node | undefined {
  if (node.operation !== "slice") return undefined;
  return slice(
    builder,
    node.inputs[0],
    begin.map((first, axis) => node.begin[axis] + first * node.strides[axis]),
    shape,
    strides.map((stride, axis) => stride * node.strides[axis]),
  );
}

/** A slice of repeated elements repeats a slice of them. */
function sliceOfBroadcast(
  builder: GraphBuilder,
  node: Node,
  { begin, strides, shape }: Box,
): Node | undefined {
  if (node.operation !== "broadcast") return undefined;
  const inner = node.inputs[0];
  if (inner.shape.length !== shape.length) return undefined;
  const repeated = inner.shape.map((length, axis) => length === 1 && node.shape[axis] > 1);
  const smaller = slice(
    builder,
    inner,
    begin.map((first, axis) => (repeated[axis] ? 0 : first)),
    shape.map((length, axis) => (repeated[axis] ? 1 : length)),
    strides.map((stride, axis) => (repeated[axis] ? 1 : stride)),
  );
  return broadcast(builder, smaller, shape);
}

function sliceOfConcat(builder: GraphBuilder, node: Node, box: Box): Node | undefined {
  if (node.operation !== "concat") return undefined;
  const { axis } = node;
  const [first, last] = endsOf(box, axis);
  let offset = 0;
  for (const part of node.inputs) {
    if (first >= offset && last < offset + part.shape[axis]) {
      const begin = withLength(box.begin, axis, box.begin[axis] - offset);
      return slice(builder, part, begin, box.shape, box.strides);
    }
    offset += part.shape[axis];
  }
  return undefined;
}

/** Columns of A B are A times columns of B: drops the unused column of a gradient through concat([y, t]). */
function sliceOfProduct(builder: GraphBuilder, node: Node, { begin, strides, shape }: Box): Node | undefined {
  if (node.operation !== "matMul" || node.shape.length !== 2) return undefined;
  if (begin[0] !== 0 || shape[0] !== node.shape[0] || strides[0] !== 1) return undefined;
  const { transposeA, transposeB } = node as MatMulNode;
  const [a, b] = node.inputs;
  if (b.operation !== "input" && b.operation !== "constant") return undefined;
  const columns = transposeB
    ? slice(builder, b, [begin[1], 0], [shape[1], b.shape[1]], [strides[1], 1])
    : slice(builder, b, [0, begin[1]], [b.shape[0], shape[1]], [1, strides[1]]);
  return matMul(builder, a, columns, transposeA, transposeB);
}
