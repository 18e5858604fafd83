import { withoutCustomGradients } from "../compiler/derivatives/without-custom-gradients.js";
import { type Graph, liveNodes, resultsOf } from "../compiler/graph/graph.js";
import type { Node } from "../compiler/graph/node.js";
import { isUniform } from "../compiler/graph/node.js";
import { isElementwiseName } from "../compiler/operations/elementwise-table.js";
import { shapeText } from "../compiler/shape.js";
import { formatNumber } from "./number-format.js";

/** What a node of a graph does with its elements. */
export type OperationKind = "input" | "constant" | "elementwise" | "arranging" | "contracting";

/** One operation of a graph in words. */
export interface GraphRow {
  /** The input's own name; v1, v2, ... for what is computed, c1, c2, ... for tables of constants. */
  readonly name: string;
  readonly operation: string;
  /** Names of the operands, or numbers, in order. */
  readonly reads: readonly string[];
  readonly shape: string;
  readonly kind: OperationKind;
  /** Names of the outputs and readouts that this is. */
  readonly gives: readonly string[];
}

const kinds: Readonly<Record<string, OperationKind>> = {
  input: "input",
  constant: "constant",
  matMul: "contracting",
  reduce: "contracting",
  cumSum: "contracting",
  linearSolve: "contracting",
  scatterAdd: "contracting",
};

/**
 * The operations that a graph really computes, in an order in which they can run: those on which no result depends are
 * gone, and numbers stand where they are read.
 */
export function graphRows(graph: Graph): GraphRow[] {
  const computed = withoutCustomGradients(graph);
  const results = Object.entries({ ...computed.outputs, ...computed.readouts });
  const isResult = (node: Node): boolean => results.some(([, result]) => result === node);
  const nodes = liveNodes(resultsOf(computed)).filter((node) => !isUniform(node) || isResult(node));
  const names = namesOf(nodes);
  const operand = (node: Node): string =>
    names.get(node) ?? (isUniform(node) ? formatNumber(node.value) : node.operation);
  return nodes.map((node) => ({
    name: operand(node),
    operation: operationText(node),
    reads: node.inputs.map(operand),
    shape: shapeText(node.shape),
    kind: kindOf(node),
    gives: results.flatMap(([name, result]) => (result === node ? [name] : [])),
  }));
}

/** An operation of a graph, all in text. */
export interface GraphTableRow {
  readonly name: string;
  readonly operation: string;
  readonly reads: string;
  readonly shape: string;
  readonly gives: string;
}

/** A graph's operations as rows for `showTable`. */
export function graphTable(graph: Graph): GraphTableRow[] {
  return graphRows(graph).map(({ name, operation, reads, shape, gives }) => ({
    name,
    operation,
    reads: reads.join(", "),
    shape,
    gives: gives.join(", "),
  }));
}

function namesOf(nodes: readonly Node[]): Map<Node, string> {
  const counts = { v: 0, c: 0 };
  return new Map(
    nodes.map((node): [Node, string] => {
      if (node.operation === "input") return [node, node.name];
      const letter = node.operation === "constant" ? "c" : "v";
      counts[letter]++;
      return [node, `${letter}${counts[letter]}`];
    }),
  );
}

function kindOf({ operation }: Node): OperationKind {
  return isElementwiseName(operation) ? "elementwise" : (kinds[operation] ?? "arranging");
}

/** The operation, with what distinguishes it from others of its name. */
function operationText(node: Node): string {
  switch (node.operation) {
    case "reduce":
      return `${node.kind} over ${node.axes.join(", ")}`;
    case "transpose":
      return `transpose ${node.permutation.join(", ")}`;
    case "concat":
      return `concat along ${node.axis}`;
    case "slice":
      return `slice from ${shapeText(node.begin)}`;
    case "matMul":
      return `matMul${node.transposeA ? " Aᵀ" : ""}${node.transposeB ? " Bᵀ" : ""}`;
    case "cast":
      return `cast to ${node.type}`;
    case "constant":
      return isUniform(node) ? formatNumber(node.value) : "constant";
    default:
      return node.operation;
  }
}
