import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node } from "../graph/node.js";
import { apply } from "./elementwise.js";
import type { ElementwiseName } from "./elementwise-table.js";

/** Applies elementwise operations to nodes and numbers. */
export type Formulas = (operation: ElementwiseName, ...operands: readonly (Node | number)[]) => Node;

/** A short way to write formulas on nodes: `f("add", x, 1)`. */
export function formulas(builder: GraphBuilder): Formulas {
  return (operation, ...operands) => {
    // among integers a whole number is one of them
    const integers = operands.some((operand) => typeof operand !== "number" && operand.type === "integer");
    const nodeOf = (operand: Node | number): Node => {
      if (typeof operand !== "number") return operand;
      return builder.constant(operand, [], integers && Number.isInteger(operand) ? "integer" : "real");
    };
    return apply(builder, operation, ...operands.map(nodeOf));
  };
}
