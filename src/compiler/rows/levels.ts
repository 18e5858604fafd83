import type { Node } from "../graph/node.js";
import type { PartialResult } from "./partial-results.js";
import type { RowAnalysis } from "./row-analysis.js";

/**
 * The first stage in which each node can be computed: odd ones run row by row, even ones once for all rows. What all rows
 * contribute to in one stage is known in the next.
 */
export function levelsOf(
  { readings }: RowAnalysis,
  partials: ReadonlyMap<Node, PartialResult>,
  nodes: readonly Node[],
): Map<Node, number> {
  const levels = new Map<Node, number>();
  const levelOf = (node: Node): number => levels.get(node) as number;
  const byRows = (node: Node): boolean => readings.get(node)?.result === "rows";
  /** The first stage of the other kind or of the same that can read a node. */
  const sharedAfter = (node: Node): number => levelOf(node) + (partials.has(node) ? 1 : 0);
  const rowwiseAfter = (node: Node): number => (byRows(node) ? levelOf(node) : sharedAfter(node) + 1);
  for (const node of nodes) {
    const terms = partials.get(node)?.terms;
    const isSum = terms !== undefined && !readings.has(node);
    if (isSum) levels.set(node, Math.max(...terms.map(levelOf)));
    else if (readings.has(node)) levels.set(node, Math.max(1, ...node.inputs.map(rowwiseAfter)));
    else levels.set(node, Math.max(0, ...node.inputs.map(sharedAfter)));
  }
  return levels;
}
