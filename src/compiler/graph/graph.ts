import type { GraphBuilder } from "./graph-builder.js";
import type { InputNode, Node, OperationName } from "./node.js";

/** Nodes under names, in the order in which a program takes or returns them. */
export type NamedNodes = Readonly<Record<string, Node>>;

/**
 * A computation: immutable, of fixed shapes, of no precision yet (chosen at compile).
 *
 * Arrays come in as `inputs` and go out as `outputs`; they stay where the target keeps them. Single numbers that steer
 * the computation (time, step size, tolerances, cotangents of error estimates) come in as `scalars` and go out as
 * `readouts`; they are doubles on the host.
 */
export interface Graph {
  /** @internal */
  readonly builder: GraphBuilder;
  /** @internal */
  readonly inputs: readonly InputNode[];
  /** @internal */
  readonly scalars: readonly InputNode[];
  /** @internal */
  readonly outputs: NamedNodes;
  /** @internal */
  readonly readouts: NamedNodes;
}

/** All nodes that some result depends on, each after those that it reads. */
export function liveNodes(results: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const pending = [...results];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    pending.push(...node.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Whether a graph computes something by an operation. */
export function uses(graph: Graph, operation: OperationName): boolean {
  return liveNodes(resultsOf(graph)).some((node) => node.operation === operation);
}

/** Outputs and readouts of a graph, outputs first. */
export function resultsOf(graph: Graph): Node[] {
  return [...Object.values(graph.outputs), ...Object.values(graph.readouts)];
}
