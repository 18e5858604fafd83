import { type Graph, resultsOf } from "../graph/graph.js";
import type { InputNode, Node, ReductionKind } from "../graph/node.js";
import { sameShape } from "../shape.js";
import type { RowAnalysis } from "./row-analysis.js";

/** A node to which each row contributes: finished when all rows have. */
export interface PartialResult {
  readonly reduction: ReductionKind;
  /** The reductions and products over rows that are added up to it; a single one but for sums. */
  readonly terms: readonly Node[];
  /** What a sum starts from, if that is handed in. */
  readonly start?: InputNode;
}

/**
 * Every node that is finished only when all rows have contributed. A sum of such sums is one itself, and so is one that
 * is added to an input: the gradient of a weight that is used several times, added to a running total, is one array that
 * each row updates in place.
 */
export function partialResults(
  graph: Graph,
  { readings }: RowAnalysis,
  nodes: readonly Node[],
): Map<Node, PartialResult> {
  const partials = new Map<Node, PartialResult>();
  const sumOf = (node: Node): PartialResult | undefined => {
    const known = partials.get(node);
    if (known) return known.reduction === "sum" ? known : undefined;
    const handedIn = node.operation === "input" && graph.inputs.includes(node) && !readings.has(node);
    return handedIn ? { reduction: "sum", terms: [], start: node } : undefined;
  };
  for (const node of nodes) {
    const reading = readings.get(node);
    if (reading?.result === "partial") {
      partials.set(node, { reduction: reading.reduction, terms: [node] });
    } else if (node.operation === "add" && node.inputs.every(({ shape }) => sameShape(shape, node.shape))) {
      const [a, b] = node.inputs.map(sumOf);
      if (!a || !b || (a.start && b.start)) continue;
      partials.set(node, { reduction: "sum", terms: [...a.terms, ...b.terms], start: a.start ?? b.start });
    }
  }
  return partials;
}

/** The partial results that something other than a larger sum uses: those that have to be finished. */
export function usedPartials(
  graph: Graph,
  nodes: readonly Node[],
  partials: ReadonlyMap<Node, PartialResult>,
): Node[] {
  const readers = nodes.filter((node) => (partials.get(node)?.terms ?? [node]).includes(node));
  const used = new Set([...resultsOf(graph), ...readers.flatMap(({ inputs }) => inputs)]);
  return nodes.filter((node) => partials.has(node) && used.has(node));
}
