import type { Instruction, Local } from "./assembler/instruction.js";
import type { ImportedFunction } from "./assembler/module-writer.js";
import type { ValueType } from "./assembler/value-type.js";
import type { VectorFormat } from "./vector-format.js";

/** Where code that computes on vectors is written to. Every vector it takes and gives is a v128 of `format`. */
export interface VectorContext {
  readonly format: VectorFormat;
  /** Whether a product may be added without rounding it first, by the relaxed SIMD instructions. */
  readonly fusedMultiplyAdd: boolean;
  /** Computes a vector once, here, and gives its name: an instruction that may stand in several places. */
  bind(value: Instruction): Instruction;
  /** The number in every lane, rounded to the format; made once, outside all loops. */
  splat(value: number): Instruction;
  /** The bit pattern, of the width of one number, in every lane; made once, outside all loops. */
  splatBits(bits: bigint): Instruction;
  /** A new variable of the function under way. */
  local(type: ValueType): Local;
  /** Adds instructions here. */
  emit(...instructions: readonly Instruction[]): void;
  /** A function of the host's, by the name of an elementwise operation: see `host-functions.ts`. */
  importFunction(name: string, params: readonly ValueType[], result: ValueType): ImportedFunction;
  /** The same place, for vectors of another format. */
  inFormat(format: VectorFormat): VectorContext;
}
