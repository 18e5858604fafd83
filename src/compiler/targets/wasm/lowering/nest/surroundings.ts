import type { Node } from "../../../../graph/node.js";
import type { Instruction } from "../../assembler/instruction.js";
import type { Place } from "../storage.js";
import type { View } from "../view.js";

/** What a nest needs of the program around it. */
export interface NestSurroundings {
  /** The address of a base. */
  baseOf(base: Place["base"]): Instruction;
  /** The number of a view of one element, as a double. */
  scalarOf(view: View): Instruction;
  /** Code that keeps the one number to which a node was reduced. */
  setScalar(node: Node, value: Instruction): Instruction[];
}
