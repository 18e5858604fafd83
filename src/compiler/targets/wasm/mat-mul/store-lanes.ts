import { get, type Instruction, type Local, store, storeLane } from "../assembler/instruction.js";
import type { VectorFormat } from "../vector-format.js";

/** Writes the first `count` lanes of a vector, and nothing after them. */
export function storeLanes(
  { lanes, bytes }: VectorFormat,
  address: Instruction,
  vector: Local,
  count: number,
  offset: number,
): Instruction[] {
  if (count >= lanes) return [store("v128.store", address, get(vector), offset)];
  if (bytes === 8) return [storeLane("v128.store64_lane", address, get(vector), 0, offset)];
  const pair = storeLane("v128.store64_lane", address, get(vector), 0, offset);
  const last = count - 1;
  const single = storeLane("v128.store32_lane", address, get(vector), last, offset + last * bytes);
  return [...(count >= 2 ? [pair] : []), ...(count % 2 === 1 ? [single] : [])];
}
