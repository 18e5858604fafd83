import { type Graph, liveNodes, type NamedNodes, resultsOf } from "../graph/graph.js";
import type { Node } from "../graph/node.js";
import { substitute } from "./substitute.js";

/** The same computation for a target, which knows nothing of derivatives: values in place of their custom gradients. */
export function withoutCustomGradients(graph: Graph): Graph {
  const values = new Map<Node, Node>();
  for (const node of liveNodes(resultsOf(graph))) {
    if (node.operation !== "customGradient") continue;
    values.set(node, substitute(graph.builder, [node.inputs[0]], values)[0]);
  }
  if (values.size === 0) return graph;
  const plain = (nodes: NamedNodes): NamedNodes => {
    const results = substitute(graph.builder, Object.values(nodes), values);
    return Object.fromEntries(Object.keys(nodes).map((name, i) => [name, results[i]]));
  };
  return { ...graph, outputs: plain(graph.outputs), readouts: plain(graph.readouts) };
}
