import { liveNodes } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";
import { type Node, uniformValue } from "../graph/node.js";
import type { Shape } from "../shape.js";
import { tangentOf } from "./tangent-rules.js";

/**
 * Forward mode: how results change when sources change along their tangents; zeros where they do not. Tangents may have
 * axes `lead` in front of those of the source: the derivative is taken along each of these directions, all in one sweep.
 */
export function pushForward(
  builder: GraphBuilder,
  results: readonly Node[],
  sources: ReadonlyMap<Node, Node>,
  lead: Shape = [],
): Node[] {
  const tangents = new Map(sources);
  for (const node of liveNodes(results)) {
    const given = node.inputs.map((input) => tangents.get(input));
    if (tangents.has(node) || given.every((tangent) => tangent === undefined)) continue;
    const tangent = tangentOf(builder, node, given, lead);
    if (tangent && uniformValue(tangent) !== 0) tangents.set(node, tangent);
  }
  return results.map((result) => tangents.get(result) ?? builder.constant(0, [...lead, ...result.shape]));
}
