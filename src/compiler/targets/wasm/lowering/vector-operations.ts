import type { ElementwiseName } from "../../../operations/elementwise-table.js";
import { type Instruction, operation } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { vectorMath } from "../vector-math/vector-math.js";

/** An elementwise operation on vectors. Operands may stand in several places. */
export type VectorOperation = (context: VectorContext, ...operands: Instruction[]) => Instruction;

/** The vector instructions that exist for numbers of both precisions. */
type Suffix = "add" | "sub" | "mul" | "div" | "max" | "min" | "pmax" | "abs" | "sqrt" | Rounding;
type Rounding = "floor" | "nearest" | "trunc";

/** The instruction of this name for the context's numbers. */
function vector(
  { format }: VectorContext,
  suffix: Suffix | Comparison,
  ...operands: Instruction[]
): Instruction {
  return operation(`${format.vector}.${suffix}`, ...operands);
}

/** The instruction of this name as an operation. */
const own =
  (suffix: Suffix): VectorOperation =>
  (context, ...operands) =>
    vector(context, suffix, ...operands);

type ComparisonName = "greater" | "greaterEqual" | "less" | "lessEqual" | "equal";
type MaskName = "and" | "or" | "not";
type NumberName = Exclude<ElementwiseName, ComparisonName | MaskName | "select">;

/** Operations from numbers to numbers. */
export const numberOperations: Readonly<Record<NumberName, VectorOperation>> = {
  ...vectorMath,
  add: own("add"),
  sub: own("sub"),
  mul: own("mul"),
  div: own("div"),
  maximum: own("max"),
  minimum: own("min"),
  // not f64x2.neg: V8 13.6 computes it wrong in wide vectors
  neg: (context, a) => operation("v128.xor", a, context.splat(-0)),
  abs: own("abs"),
  floor: own("floor"),
  round: own("nearest"),
  sqrt: own("sqrt"),
  square: (context, a) => vector(context, "mul", a, a),
  reciprocal: (context, a) => vector(context, "div", context.splat(1), a),
  // pmax(a, b) is a < b ? b : a, so NaN stays NaN
  relu: (context, a) => vector(context, "pmax", a, context.splat(0)),
  // neither above nor below 0 are the zeros and NaN, which are their own signs
  sign: (context, a) => {
    const isSigned = context.bind(
      operation(
        "v128.or",
        vector(context, "lt", a, context.splat(0)),
        vector(context, "gt", a, context.splat(0)),
      ),
    );
    const one = operation(
      "v128.or",
      operation("v128.and", a, context.splat(-0)), // the bit of the sign
      context.splat(1),
    );
    return operation("v128.bitselect", one, a, isSigned);
  },
};

type Comparison = "gt" | "ge" | "lt" | "le" | "eq" | "ne";

const comparison =
  (suffix: Comparison): VectorOperation =>
  (context, a, b) =>
    vector(context, suffix, a, b);

/** Operations from numbers to masks: all bits of a lane are ones where it holds. */
export const comparisons: Readonly<Record<ComparisonName, VectorOperation>> = {
  greater: comparison("gt"),
  greaterEqual: comparison("ge"),
  less: comparison("lt"),
  lessEqual: comparison("le"),
  equal: comparison("eq"),
};

/** Operations from masks to masks. */
export const maskOperations: Readonly<Record<MaskName, VectorOperation>> = {
  and: (_, a, b) => operation("v128.and", a, b),
  or: (_, a, b) => operation("v128.or", a, b),
  not: (_, a) => operation("v128.not", a),
};

/** Whether an operation compares numbers. */
export function isComparison(name: ElementwiseName): name is ComparisonName {
  return name in comparisons;
}

/** Whether an operation combines masks. */
export function isMaskOperation(name: ElementwiseName): name is MaskName {
  return name in maskOperations;
}

/** The mask of numbers that are not 0. */
export function maskOf(context: VectorContext, numbers: Instruction): Instruction {
  return vector(context, "ne", numbers, context.splat(0));
}

/** 1 where a mask holds, else 0. */
export function numbersOf(context: VectorContext, mask: Instruction): Instruction {
  return operation("v128.and", mask, context.splat(1));
}

/** Sum of a product and a term, rounded once where the engine can. */
export function multiplyAdd(
  context: VectorContext,
  a: Instruction,
  b: Instruction,
  term: Instruction,
): Instruction {
  const { format, fusedMultiplyAdd } = context;
  if (fusedMultiplyAdd) return operation(`${format.vector}.relaxed_madd`, a, b, term);
  return vector(context, "add", term, vector(context, "mul", a, b));
}

/** A term minus a product, rounded once where the engine can. */
export function subtractProduct(
  context: VectorContext,
  term: Instruction,
  a: Instruction,
  b: Instruction,
): Instruction {
  const { format, fusedMultiplyAdd } = context;
  if (fusedMultiplyAdd) return operation(`${format.vector}.relaxed_nmadd`, a, b, term);
  return vector(context, "sub", term, vector(context, "mul", a, b));
}

/** Numbers without their fractions. */
export function truncated(context: VectorContext, numbers: Instruction): Instruction {
  return vector(context, "trunc", numbers);
}
