import type { GraphBuilder } from "../graph/graph-builder.js";
import type { GatherNode, Node, ScatterAddNode } from "../graph/node.js";
import { type Shape, shapeText, sizeOf, withLength } from "../shape.js";
import { reshape } from "./arrange.js";
import { cast } from "./cast.js";
import { constantData } from "./constants.js";
import { apply } from "./elementwise.js";
import { slice } from "./slice.js";

/**
 * Picks elements along an axis; in the result's shape, that of the indices takes the place of the axis. Indices that are
 * computed at run time are moved into the axis, since a running program does not stop to complain.
 *
 * @throws RangeError when an index that is known is outside the axis.
 */
export function gather(builder: GraphBuilder, node: Node, indices: Node, axis: number): Node {
  const length = node.shape[axis];
  const shape = [...node.shape.slice(0, axis), ...indices.shape, ...node.shape.slice(axis + 1)];
  const inside = indicesInside(builder, "gather", indices, length);
  return (
    gatherOfProgression(builder, node, inside, axis, shape) ??
    builder.make<GatherNode>({
      operation: "gather",
      inputs: [node, inside],
      axis,
      shape,
      type: node.type,
    })
  );
}

/**
 * Adds values up at their index along an axis of the given length: the adjoint of gather.
 *
 * @throws RangeError when an index that is known is outside the axis, or the values do not have the indices' shape there.
 */
export function scatterAdd(
  builder: GraphBuilder,
  values: Node,
  indices: Node,
  axis: number,
  length: number,
): Node {
  const inside = indicesInside(builder, "scatterAdd", indices, length);
  const rank = indices.shape.length;
  const own = values.shape.slice(axis, axis + rank);
  if (shapeText(own) !== shapeText(indices.shape)) {
    throw new RangeError(
      `scatterAdd: values of shape ${shapeText(values.shape)} do not have the shape ${shapeText(indices.shape)} of the indices from axis ${axis} on`,
    );
  }
  return builder.make<ScatterAddNode>({
    operation: "scatterAdd",
    inputs: [values, inside],
    axis,
    length,
    shape: [...values.shape.slice(0, axis), length, ...values.shape.slice(axis + rank)],
    type: values.type,
  });
}

/**
 * Integers that lie inside an axis: known ones must, computed ones are moved into it.
 *
 * @throws RangeError naming a known index that is outside.
 */
export function indicesInside(builder: GraphBuilder, what: string, indices: Node, length: number): Node {
  const whole = cast(builder, indices, "integer");
  if (whole.operation !== "constant") {
    const bound = (value: number): Node => builder.constant(value, [], "integer");
    return apply(builder, "minimum", apply(builder, "maximum", whole, bound(0)), bound(length - 1));
  }
  const outside = constantData(whole).find((index) => !(index >= 0 && index < length));
  if (outside === undefined) return whole;
  throw new RangeError(
    `${what}: the index ${outside} is outside an axis of length ${length}; indices run from 0 to ${length - 1}`,
  );
}

/** Known indices at equal distances are a slice. */
function gatherOfProgression(
  builder: GraphBuilder,
  node: Node,
  indices: Node,
  axis: number,
  shape: Shape,
): Node | undefined {
  if (indices.operation !== "constant" || sizeOf(indices.shape) === 0) return undefined;
  const list = constantData(indices);
  const stride = list.length > 1 ? list[1] - list[0] : 1;
  if (stride === 0 || !list.every((index, i) => index === list[0] + i * stride)) return undefined;
  const start = node.shape.map(() => 0);
  const strides = node.shape.map(() => 1);
  const part = slice(
    builder,
    node,
    withLength(start, axis, list[0]),
    withLength(node.shape, axis, list.length),
    withLength(strides, axis, stride),
  );
  return reshape(builder, part, shape);
}
