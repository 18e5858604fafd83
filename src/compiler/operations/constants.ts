import type { GraphBuilder } from "../graph/graph-builder.js";
import { type ElementType, type Node, uniformValue } from "../graph/node.js";
import { type Shape, sizeOf } from "../shape.js";

/**
 * All elements of a constant, row by row.
 *
 * @throws TypeError when the node is not a constant.
 */
export function constantData(node: Node): Float64Array {
  if (node.operation !== "constant") throw new TypeError(`node ${node.operation} is not a constant`);
  return typeof node.value === "number" ? new Float64Array(sizeOf(node.shape)).fill(node.value) : node.value;
}

/** The same constant under another shape of as many elements; undefined when the node is no constant. */
export function reshapedConstant(builder: GraphBuilder, node: Node, shape: Shape): Node | undefined {
  return node.operation === "constant" ? builder.constant(node.value, shape, node.type) : undefined;
}

/** A uniform constant with another shape, of any size; undefined when the node is not a uniform constant. */
export function refilled(builder: GraphBuilder, node: Node, shape: Shape): Node | undefined {
  const value = uniformValue(node);
  return value === undefined ? undefined : builder.constant(value, shape, node.type);
}

/**
 * The constant whose elements are those of another, read at the given places row by row; undefined when the node is no
 * constant.
 */
export function rearrangedConstant(
  builder: GraphBuilder,
  node: Node,
  shape: Shape,
  places: () => Float64Array,
): Node | undefined {
  if (node.operation !== "constant") return undefined;
  const { value, type } = node;
  if (typeof value === "number") return builder.constant(value, shape, type);
  return builder.constant(
    places().map((place) => value[place]),
    shape,
    type,
  );
}

/** Where the elements of an array of `shape` lie in one that has these strides, row by row, from `offset`. */
export function placesOf(shape: Shape, strides: readonly number[], offset = 0): Float64Array {
  const places = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let at = 0; at < places.length; at++) {
    places[at] = index.reduce((sum, i, axis) => sum + i * strides[axis], offset);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return places;
}

/** A number as an element of the given type. */
export function castNumber(value: number, type: ElementType): number {
  if (type === "boolean") return value !== 0 ? 1 : 0;
  return type === "integer" ? Math.trunc(value) : value;
}
