import {
  call,
  extractLane,
  get,
  type Instruction,
  operation,
  replaceLane,
  set,
  when,
} from "../assembler/instruction.js";
import type { ValueType } from "../assembler/value-type.js";
import type { VectorContext } from "../vector-context.js";

/** The name of an elementwise operation that is left to the host where vectors do not reach. */
type HostFunction = "sin" | "cos" | "mod";

/**
 * A result of vector code, but the host's in the lanes of the mask: the same in each lane whatever the others hold. Where no
 * lane needs it, the host is not called.
 *
 * @param operands bound values
 */
export function orByHost(
  context: VectorContext,
  outside: Instruction,
  inside: Instruction,
  name: HostFunction,
  operands: readonly Instruction[],
): Instruction {
  const mask = context.bind(outside);
  const result = context.local("v128");
  const mixed = operation("v128.bitselect", byHost(context, name, operands), get(result), mask);
  context.emit(set(result, inside), when(operation("v128.any_true", mask), [set(result, mixed)]));
  return get(result);
}

/** The host's function of each lane. */
function byHost(context: VectorContext, name: HostFunction, operands: readonly Instruction[]): Instruction {
  const { format } = context;
  const target = context.importFunction(name, new Array<ValueType>(operands.length).fill("f64"), "f64");
  let result = context.splat(0);
  for (let lane = 0; lane < format.lanes; lane++) {
    const numbers = operands.map((operand) => laneAsDouble(context, operand, lane));
    const value = call(target, ...numbers);
    result =
      format.scalar === "f32"
        ? replaceLane("f32x4.replace_lane", result, lane, operation("f32.demote_f64", value))
        : replaceLane("f64x2.replace_lane", result, lane, value);
  }
  return result;
}

function laneAsDouble({ format }: VectorContext, vector: Instruction, lane: number): Instruction {
  if (format.scalar === "f64") return extractLane("f64x2.extract_lane", vector, lane);
  return operation("f64.promote_f32", extractLane("f32x4.extract_lane", vector, lane));
}
