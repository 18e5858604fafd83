import type * as tf from "@tensorflow/tfjs-core";
import { type Graph, liveNodes } from "../../src/compiler/graph/graph.js";
import type { Node } from "../../src/compiler/graph/node.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { arrangingRows } from "./arranging-cases.js";
import { contractingRows } from "./contracting-cases.js";
import { convolutionRows } from "./convolution-cases.js";
import { activationRows, elementwiseRows, logicRows, trigonometricRows } from "./elementwise-cases.js";
import { indexingRows } from "./indexing-cases.js";
import type { OperationCase, OperationRow } from "./operation-row.js";

/** Operations that belong together. */
export interface OperationFamily {
  readonly title: string;
  readonly rows: readonly OperationRow[];
}

/** Every operation that can be traced, with every attribute that it takes. */
export const operationFamilies: readonly OperationFamily[] = [
  { title: "Arithmetic and functions of one number", rows: elementwiseRows },
  { title: "Circular and hyperbolic functions", rows: trigonometricRows },
  { title: "Activations", rows: activationRows },
  { title: "Comparison and logic", rows: logicRows },
  { title: "Arranging", rows: arrangingRows },
  { title: "Indices", rows: indexingRows },
  { title: "Reductions and products", rows: contractingRows },
  { title: "Images", rows: convolutionRows },
];

/** Their rows. */
export const operationRows: readonly OperationRow[] = operationFamilies.flatMap(({ rows }) => rows);

const operandNames = ["a", "b", "c", "d", "e"];

/** The operands' names with what belongs to them. */
export function named<T>(operands: readonly T[]): Record<string, T> {
  return Object.fromEntries(operands.map((operand, i) => [operandNames[i], operand]));
}

/** A case as a graph of inputs a, b, ... and outputs y0, y1, .... */
export function graphOf({ shapes, build, operands }: OperationCase): Graph {
  return trace({ inputs: named(shapes) }, (read) => {
    const inputs = shapes.map((_, i) => read[operandNames[i]]);
    return { outputs: outputsOf(build(...(operands?.(...inputs) ?? inputs))) };
  });
}

/** The operations that a case itself becomes: without those that make its operands, and conversions of its results. */
export function ownNodesOf({ shapes, build, operands }: OperationCase): Node[] {
  let count = 0;
  const { outputs } = trace({ inputs: named(shapes) }, (read) => {
    const inputs = shapes.map((_, i) => read[operandNames[i]]);
    const made = operands?.(...inputs) ?? inputs;
    count = made.length;
    const given = made.map((operand, i) => [`operand${i}`, operand] as const);
    return { outputs: { ...Object.fromEntries(given), ...outputsOf(build(...made)) } };
  });
  const nodes = Object.values(outputs).map((node) => (node.operation === "cast" ? node.inputs[0] : node));
  const given = new Set(liveNodes(nodes.slice(0, count)));
  return liveNodes(nodes.slice(count)).filter((node) => node.operation !== "constant" && !given.has(node));
}

/** What a case returns under the names y0, y1, .... */
export function outputsOf(results: tf.Tensor | tf.Tensor[]): Record<string, tf.Tensor> {
  const list = Array.isArray(results) ? results : [results];
  return Object.fromEntries(list.map((result, i) => [`y${i}`, result]));
}
