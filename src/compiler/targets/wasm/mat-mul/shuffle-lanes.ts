import { get, type Instruction, type Local, shuffle } from "../assembler/instruction.js";
import type { VectorFormat } from "../vector-format.js";

/** Lanes of two vectors rearranged: lane i of the result is lane `chosen[i]` of those of x followed by those of y. */
export function shuffleLanes(
  { bytes }: VectorFormat,
  chosen: readonly number[],
  x: Local,
  y: Local,
): Instruction {
  const pattern = chosen.flatMap((lane) => Array.from({ length: bytes }, (_, byte) => lane * bytes + byte));
  return shuffle(Uint8Array.from(pattern), get(x), get(y));
}
