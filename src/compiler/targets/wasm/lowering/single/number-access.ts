import { type Instruction, load, operation, store } from "../../assembler/instruction.js";
import type { VectorFormat } from "../../vector-format.js";
import type { Address } from "../nest/pointers.js";

/** Reads one number as a double. */
export function loadNumber({ bytes }: VectorFormat, { pointer, offset }: Address): Instruction {
  if (bytes === 8) return load("f64.load", pointer, offset);
  return operation("f64.promote_f32", load("f32.load", pointer, offset));
}

/** Writes a double, rounded to the format. */
export function storeNumber(
  { bytes }: VectorFormat,
  { pointer, offset }: Address,
  value: Instruction,
): Instruction {
  if (bytes === 8) return store("f64.store", pointer, value, offset);
  return store("f32.store", pointer, operation("f32.demote_f64", value), offset);
}
