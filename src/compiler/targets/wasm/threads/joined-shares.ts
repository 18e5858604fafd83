import type { Graph } from "../../../graph/graph.js";
import { GraphBuilder } from "../../../graph/graph-builder.js";
import type { Node, ReductionKind } from "../../../graph/node.js";
import { apply } from "../../../operations/elementwise.js";
import { reduce } from "../../../operations/reduce.js";
import type { Shape } from "../../../shape.js";

/** A running result of which each share has computed a part. */
export interface PartedResult {
  readonly shape: Shape;
  readonly reduction: ReductionKind;
  /** Whether a sum is added to what it starts from. */
  readonly hasStart: boolean;
}

/**
 * Joins the parts, in the order of the shares: takes, for each result, its parts as one array, [shares, ...shape], and what
 * it starts from if anything, and returns the results.
 */
export function joinedShares(results: readonly PartedResult[], shares: number): Graph {
  const builder = new GraphBuilder();
  const inputs: Graph["inputs"][number][] = [];
  const outputs = results.map(({ shape, reduction, hasStart }, i): readonly [string, Node] => {
    const parts = builder.input(`parts ${i}`, [shares, ...shape]);
    inputs.push(parts);
    const joined = reduce(builder, reduction, parts, [0]);
    if (!hasStart) return [`result ${i}`, joined];
    const start = builder.input(`start ${i}`, shape);
    inputs.push(start);
    return [`result ${i}`, apply(builder, "add", start, joined)];
  });
  return { builder, inputs, scalars: [], outputs: Object.fromEntries(outputs), readouts: {} };
}
