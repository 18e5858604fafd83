import type { GraphBuilder } from "../graph/graph-builder.js";
import { type CumSumNode, type Node, uniformValue } from "../graph/node.js";

/** How running sums are taken. */
export interface CumSumOptions {
  readonly axis: number;
  /** Whether each sum leaves out the element at its own place. @defaultValue false */
  readonly exclusive?: boolean;
  /** Whether the sums run from the end of the axis. @defaultValue false */
  readonly reverse?: boolean;
}

/** Running sums along an axis. */
export function cumSum(
  builder: GraphBuilder,
  node: Node,
  { axis, exclusive = false, reverse = false }: CumSumOptions,
): Node {
  const { shape, type } = node;
  if (uniformValue(node) === 0) return node;
  if (shape[axis] === 1) return exclusive ? builder.constant(0, shape, type) : node;
  return builder.make<CumSumNode>({
    operation: "cumSum",
    inputs: [node],
    axis,
    exclusive,
    reverse,
    shape,
    type,
  });
}
