import { liveNodes } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node } from "../graph/node.js";
import { rebuilt } from "./rebuild.js";

/** The results as they are when other nodes, of the same shapes, stand in the place of some. */
export function substitute(
  builder: GraphBuilder,
  results: readonly Node[],
  replacements: ReadonlyMap<Node, Node>,
): Node[] {
  const replaced = new Map(replacements);
  const current = (node: Node): Node => replaced.get(node) ?? node;
  for (const node of liveNodes(results)) {
    if (replaced.has(node) || node.inputs.every((input) => current(input) === input)) continue;
    replaced.set(node, rebuilt(builder, node, node.inputs.map(current)));
  }
  return results.map(current);
}
