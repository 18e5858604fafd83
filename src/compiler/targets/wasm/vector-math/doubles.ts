import { type Instruction, operation, shuffle } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { vectorFormats } from "../vector-format.js";

/** Bytes 8 to 15 of the first vector, twice. */
const upperHalf = Uint8Array.from({ length: 16 }, (_, at) => 8 + (at % 8));
/** Bytes 0 to 7 of both vectors. */
const lowerHalves = Uint8Array.from({ length: 16 }, (_, at) => (at < 8 ? at : 8 + at));

/** A function of float32 vectors computed on doubles, two lanes at a time, and rounded at the end. */
export function inDoubles(
  context: VectorContext,
  operands: readonly Instruction[],
  compute: (doubles: VectorContext, ...operands: Instruction[]) => Instruction,
): Instruction {
  const doubles = context.inFormat(vectorFormats.float64);
  const named = operands.map((operand) => context.bind(operand));
  const promote = (x: Instruction): Instruction => context.bind(operation("f64x2.promote_low_f32x4", x));
  const demote = (x: Instruction): Instruction => operation("f32x4.demote_f64x2_zero", x);
  const low = context.bind(demote(compute(doubles, ...named.map(promote))));
  const upper = named.map((x) => promote(shuffle(upperHalf, x, x)));
  const high = demote(compute(doubles, ...upper));
  return shuffle(lowerHalves, low, high);
}
