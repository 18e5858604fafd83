import type { Node, ReductionKind } from "../graph/node.js";
import { constantData } from "../operations/constants.js";
import type { Precision, Target, TargetName } from "./target.js";

/** How far a result may be from the exact one: |difference| <= relative |exact| + absolute. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** Distance from 1 to the next number, and the smallest number that keeps all its digits. */
const formats: Record<Precision, { readonly epsilon: number; readonly smallest: number }> = {
  float64: { epsilon: 2 ** -52, smallest: 2 ** -1022 },
  float32: { epsilon: 2 ** -23, smallest: 2 ** -126 },
};

/** Operations that move, choose or compare numbers, or round them to integers: their results have no rounding error. */
const exact: ReadonlySet<Node["operation"] | ReductionKind> = new Set([
  "input",
  "cast",
  "reshape",
  "broadcast",
  "transpose",
  "concat",
  "slice",
  "gather",
  "max",
  "min",
  "maximum",
  "minimum",
  "greater",
  "greaterEqual",
  "less",
  "lessEqual",
  "equal",
  "and",
  "or",
  "not",
  "select",
  "neg",
  "abs",
  "sign",
  "floor",
  "round",
  "relu",
  "customGradient",
] as const);

/** Relative error of every other operation, in units of the precision's epsilon: function libraries differ in the last bits. */
const relativeError = 16;

/** Absolute errors in units of epsilon, beside the relative one. */
type AbsoluteErrors = Partial<Record<Node["operation"] | ReductionKind, number>>;

/**
 * Results that cancel keep the rounding errors of what cancelled: for operands of order one, and sums of a few dozen
 * terms. Sine, cosine and logarithm cancel at their zeros.
 */
const cancelling: AbsoluteErrors = {
  add: 16,
  sub: 16,
  sum: 16,
  matMul: 16,
  scatterAdd: 16,
  cumSum: 16,
  linearSolve: 64,
  sin: 2,
  cos: 2,
  log: 2,
};

/** Where a target's own implementation is exact relative to one only. */
const exceptions: Partial<Record<TargetName, AbsoluteErrors>> = {
  // onnxruntime's sigmoid is 0 below about -37 in float64 and -18 in float32, where the exact value is exp(x); softplus
  // is written log(1 + exp(x)), for want of a fast log1p, with the same effect
  onnx: { sigmoid: 4, softplus: 4 },
  // tfjs's error function is formula 7.1.26 of Abramowitz and Stegun (1964), whose absolute error is 1.5e-7
  tfjs: { erf: 4 },
};

/**
 * How far results that these nodes compute on a target may be from exact ones, while nothing leaves the range of the
 * precision: in float32 an exponential overflows above 88.7 and underflows gradually below -87.3.
 */
export function toleranceOf({ name, precision }: Target, nodes: readonly Node[]): Tolerance {
  const { epsilon, smallest } = formats[precision];
  const operations = nodes.filter((node) => !isExactConstant(node)).map(kindOf);
  const absolute = operations.map((operation) =>
    Math.max(cancelling[operation] ?? 0, exceptions[name]?.[operation] ?? 0),
  );
  return {
    relative: operations.every((operation) => exact.has(operation)) ? 0 : relativeError * epsilon,
    absolute: Math.max(smallest, epsilon * Math.max(0, ...absolute)),
  };
}

/** A reduction by how it combines elements, any other operation by its name. */
function kindOf(node: Node): Node["operation"] | ReductionKind {
  return node.operation === "reduce" ? node.kind : node.operation;
}

/** Whether a constant is the same in every precision. */
function isExactConstant(node: Node): boolean {
  return node.operation === "constant" && constantData(node).every((value) => Math.fround(value) === value);
}
