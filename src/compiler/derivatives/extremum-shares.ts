import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node, ReduceNode } from "../graph/node.js";
import { reshape } from "../operations/arrange.js";
import { apply } from "../operations/elementwise.js";
import { reduce } from "../operations/reduce.js";

/**
 * The derivative of a maximum or minimum by each element: elements that attain it share it equally, so that the shares of an
 * extremum add up to one, and equal elements are treated alike.
 */
export function extremumShares(builder: GraphBuilder, node: ReduceNode): Node {
  const [x] = node.inputs;
  const kept = x.shape.map((length, axis) => (node.axes.includes(axis) ? 1 : length));
  const attained = apply(builder, "equal", x, reshape(builder, node, kept));
  const ones = apply(builder, "select", attained, builder.constant(1), builder.constant(0));
  const count = reshape(builder, reduce(builder, "sum", ones, node.axes), kept);
  return apply(builder, "select", attained, apply(builder, "reciprocal", count), builder.constant(0));
}
