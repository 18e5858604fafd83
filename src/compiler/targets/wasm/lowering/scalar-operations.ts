import type { ElementwiseName } from "../../../operations/elementwise-table.js";
import { constant, type Instruction, operation } from "../assembler/instruction.js";
import { vectorMath } from "../vector-math/vector-math.js";

/** An elementwise operation on single doubles; booleans are 0 and 1. Operands may stand in several places. */
type ScalarOperation = (...operands: Instruction[]) => Instruction;

const number = (value: number): Instruction => constant("f64", value);
const isTrue = (x: Instruction): Instruction => operation("f64.ne", x, number(0));
const fromCondition = (condition: Instruction): Instruction => operation("f64.convert_i32_s", condition);

/** The operations that are computed as those of vectors. */
type VectorName = keyof typeof vectorMath;

/** The operations for which WebAssembly has instructions. */
export const scalarOperations: Readonly<Record<Exclude<ElementwiseName, VectorName>, ScalarOperation>> = {
  add: (a, b) => operation("f64.add", a, b),
  sub: (a, b) => operation("f64.sub", a, b),
  mul: (a, b) => operation("f64.mul", a, b),
  div: (a, b) => operation("f64.div", a, b),
  maximum: (a, b) => operation("f64.max", a, b),
  minimum: (a, b) => operation("f64.min", a, b),
  greater: (a, b) => fromCondition(operation("f64.gt", a, b)),
  greaterEqual: (a, b) => fromCondition(operation("f64.ge", a, b)),
  less: (a, b) => fromCondition(operation("f64.lt", a, b)),
  lessEqual: (a, b) => fromCondition(operation("f64.le", a, b)),
  equal: (a, b) => fromCondition(operation("f64.eq", a, b)),
  and: (a, b) => fromCondition(operation("i32.and", isTrue(a), isTrue(b))),
  or: (a, b) => fromCondition(operation("i32.or", isTrue(a), isTrue(b))),
  not: (a) => fromCondition(operation("f64.eq", a, number(0))),
  select: (condition, a, b) => operation("select", a, b, isTrue(condition)),
  neg: (a) => operation("f64.neg", a),
  abs: (a) => operation("f64.abs", a),
  sign: (a) => {
    const negativeOrSame = operation("select", number(-1), a, operation("f64.lt", a, number(0)));
    return operation("select", number(1), negativeOrSame, operation("f64.gt", a, number(0)));
  },
  floor: (a) => operation("f64.floor", a),
  round: (a) => operation("f64.nearest", a),
  sqrt: (a) => operation("f64.sqrt", a),
  square: (a) => operation("f64.mul", a, a),
  reciprocal: (a) => operation("f64.div", number(1), a),
  relu: (a) => operation("select", number(0), a, operation("f64.lt", a, number(0))),
};

/** Whether an operation is computed as that of vectors. */
export function isVectorMath(name: ElementwiseName): name is VectorName {
  return name in vectorMath;
}

/** A number as an element of another type. */
export function castScalar(x: Instruction, type: "real" | "integer" | "boolean"): Instruction {
  if (type === "boolean") return fromCondition(isTrue(x));
  return type === "integer" ? operation("f64.trunc", x) : x;
}
