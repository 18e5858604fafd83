import type * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../src/compiler/graph/graph.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { arrangingRows } from "./arranging-cases.js";
import { contractingRows } from "./contracting-cases.js";
import { convolutionRows } from "./convolution-cases.js";
import { activationRows, elementwiseRows, logicRows, trigonometricRows } from "./elementwise-cases.js";
import { indexingRows } from "./indexing-cases.js";
import type { OperationCase, OperationRow } from "./operation-row.js";

/** One row per operation that can be traced, with every attribute that it takes. */
export const operationRows: readonly OperationRow[] = [
  ...elementwiseRows,
  ...logicRows,
  ...trigonometricRows,
  ...activationRows,
  ...arrangingRows,
  ...indexingRows,
  ...contractingRows,
  ...convolutionRows,
];

const operandNames = ["a", "b", "c", "d", "e"];

/** The operands' names with what belongs to them. */
export function named<T>(operands: readonly T[]): Record<string, T> {
  return Object.fromEntries(operands.map((operand, i) => [operandNames[i], operand]));
}

/** A case as a graph of inputs a, b, ... and outputs y0, y1, .... */
export function graphOf({ shapes, build }: OperationCase): Graph {
  return trace({ inputs: named(shapes) }, (read) => ({
    outputs: outputsOf(build(...shapes.map((_, i) => read[operandNames[i]]))),
  }));
}

/** What a case returns under the names y0, y1, .... */
export function outputsOf(results: tf.Tensor | tf.Tensor[]): Record<string, tf.Tensor> {
  const list = Array.isArray(results) ? results : [results];
  return Object.fromEntries(list.map((result, i) => [`y${i}`, result]));
}
