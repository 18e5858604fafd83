import type { Graph } from "../../../graph/graph.js";
import { GraphBuilder } from "../../../graph/graph-builder.js";
import type { InputNode, Node } from "../../../graph/node.js";
import { apply } from "../../../operations/elementwise.js";
import { reduce } from "../../../operations/reduce.js";
import type { RunningResult } from "./running-results.js";

/**
 * Joins what the shares have come to, in their order: takes, for each running result, its parts as one array,
 * [shares, ...shape], and what it starts from if anything, and returns the results.
 */
export function joinedShares(results: readonly RunningResult[], shares: number): Graph {
  const builder = new GraphBuilder();
  const inputs: InputNode[] = [];
  const outputs = results.map(({ shape, reduction, start }, i): readonly [string, Node] => {
    const parts = builder.input(`parts ${i}`, [shares, ...shape]);
    inputs.push(parts);
    const joined = reduce(builder, reduction, parts, [0]);
    if (!start) return [`result ${i}`, joined];
    const first = builder.input(`start ${i}`, shape);
    inputs.push(first);
    return [`result ${i}`, apply(builder, "add", first, joined)];
  });
  return { builder, inputs, scalars: [], outputs: Object.fromEntries(outputs), readouts: {} };
}
