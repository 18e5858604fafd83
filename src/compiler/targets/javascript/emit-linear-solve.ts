import type { LinearSolveNode } from "../../graph/node.js";
import { sizeOf } from "../../shape.js";
import { element, type Names } from "./source.js";

/** Source of a call of the library, on copies of the operands row by row. */
export function emitLinearSolve(names: Names, node: LinearSolveNode): string {
  const [n, m] = node.shape.slice(-2);
  const count = sizeOf(node.shape.slice(0, -2));
  const [a, b] = node.inputs.map(
    (input) =>
      `Float64Array.from({ length: ${sizeOf(input.shape)} }, (_, i) => ${element(names, input, "i")})`,
  );
  const result = names.storage.nameOf(node);
  return `solveLinearSystems([${count}, ${n}, ${m}], ${node.transposeA}, ${a}, ${b}, ${result});`;
}
