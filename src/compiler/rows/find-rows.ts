import { type Graph, liveNodes, resultsOf } from "../graph/graph.js";
import type { InputNode, Node } from "../graph/node.js";
import { shapeText, sizeOf } from "../shape.js";
import { workOf } from "./costs.js";
import { analyseRows, type Mixing, type RowAnalysis } from "./row-analysis.js";

/** Why a graph cannot be computed row by row. */
export interface Refusal {
  /** One sentence for the user. */
  readonly refused: string;
  /** The operation at fault, where there is one. */
  readonly node?: Node;
}

/** The least share of a graph's work that has to be done on rows, for its first axis to be called a batch. */
const leastShare = 0.5;

/**
 * Finds a graph's batch: the largest number of rows, at least `leastRows`, by which its inputs can be cut so that most of
 * the work is done row by row.
 *
 * Nothing but the shapes tells which inputs hold the batch. All whose leading axis has the right length are tried; where
 * an operation would mix their rows, the inputs at fault are taken for parameters, as happens to a weight matrix with as
 * many rows as the batch.
 */
export function findRows(graph: Graph, leastRows = 2): RowAnalysis | Refusal {
  const least = Math.max(2, leastRows);
  const lengths = new Set(graph.inputs.map(({ shape }) => shape[0] ?? 1).filter((length) => length >= least));
  let refusal: Refusal = { refused: `no input has a leading axis of at least ${least} rows` };
  if (lengths.size === 0) return refusal;
  const nodes = liveNodes(resultsOf(graph));
  let largest = 0;
  for (const length of [...lengths].sort((a, b) => b - a)) {
    const candidates = graph.inputs.filter(({ shape }) => shape[0] === length);
    const found = withoutParameters(graph, nodes, length, candidates);
    if (!("refused" in found)) return found;
    const size = candidates.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    if (size > largest) [refusal, largest] = [found, size];
  }
  return refusal;
}

/** Tries ever fewer inputs as the batch: each refusal names some that cannot belong to it. */
function withoutParameters(
  graph: Graph,
  nodes: readonly Node[],
  rows: number,
  candidates: readonly InputNode[],
): RowAnalysis | Refusal {
  const batch = new Set(candidates);
  for (;;) {
    const result = analyseRows(graph, nodes, rows, batch);
    if ("readings" in result) return mostlyByRows(nodes, result) ? result : unworthy(rows);
    for (const origin of result.origins) batch.delete(origin);
    if (batch.size === 0 || result.origins.length === 0) return refusalOf(rows, result);
  }
}

function refusalOf(rows: number, { node, reason }: Mixing): Refusal {
  const operands = node.inputs.map(({ shape }) => shapeText(shape)).join(" and ");
  return {
    node,
    refused: `${node.operation} of ${operands} ${reason}: the ${rows} rows of the batch are not independent`,
  };
}

function unworthy(rows: number): Refusal {
  return { refused: `less than half of the work is done on ${rows} rows` };
}

function mostlyByRows(nodes: readonly Node[], { readings }: RowAnalysis): boolean {
  let total = 0;
  let byRows = 0;
  for (const node of nodes) {
    const work = workOf(node);
    total += work;
    if (readings.has(node)) byRows += work;
  }
  return total > 0 && byRows >= leastShare * total;
}
