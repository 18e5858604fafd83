import type { Shape } from "../../../../shape.js";
import type { Instruction } from "../../assembler/instruction.js";
import { moved, repeat } from "../../assembler/repeat.js";
import type { TaskCode } from "../task-code.js";
import { type Access, joinedLoops } from "./access.js";
import { type Address, Pointers } from "./pointers.js";
import type { NestSurroundings } from "./surroundings.js";

/** Loops over a shape, element by element; the body gets where each access is. */
export function walkCode(
  shape: Shape,
  arrays: readonly Access[],
  code: TaskCode,
  around: NestSurroundings,
  body: (addresses: readonly Address[]) => readonly Instruction[],
): Instruction[] {
  const { lengths, accesses } = joinedLoops(shape, arrays);
  const steps = lengths.map(() => 1);
  const pointers = new Pointers(code, lengths, steps, (base) => around.baseOf(base), accesses);
  let inside = [...body(accesses.map((access) => pointers.addressOf(access)))];
  for (let depth = lengths.length - 1; depth >= 0; depth--) {
    inside = repeat(code, lengths[depth], [], [...inside, ...pointers.moves(depth).flatMap(moved)]);
  }
  return [...pointers.start(), ...inside];
}
