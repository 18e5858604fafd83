import type { GraphBuilder } from "../graph/graph-builder.js";
import type { CastNode, ElementType, Node } from "../graph/node.js";
import { castNumber } from "./constants.js";

/** Converts the elements to another type; integers are truncated, booleans are 0 or 1. */
export function cast(builder: GraphBuilder, node: Node, type: ElementType): Node {
  if (node.type === type) return node;
  if (node.operation === "constant") {
    const { value } = node;
    const converted =
      typeof value === "number" ? castNumber(value, type) : value.map((x) => castNumber(x, type));
    return builder.constant(converted, node.shape, type);
  }
  return builder.make<CastNode>({ operation: "cast", inputs: [node], shape: node.shape, type });
}
