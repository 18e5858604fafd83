import { evaluateSource, type LibraryName } from "./library-functions.js";

/** One operation on numbers. */
interface Elementwise {
  readonly arity: 1 | 2 | 3;
  /** The operation as JavaScript source; booleans are 0 and 1. Both the reference target and constant folding use it. */
  readonly javascript: (...operands: string[]) => string;
  /** Given where the result is not of the operands' type. */
  readonly result?: "boolean";
}

const comparison = (operator: string): Elementwise => ({
  arity: 2,
  javascript: (a, b) => `(${a} ${operator} ${b} ? 1 : 0)`,
  result: "boolean",
});
const binary = (operator: string): Elementwise => ({
  arity: 2,
  javascript: (a, b) => `${a} ${operator} ${b}`,
});
const call = (name: string, arity: 1 | 2 = 1): Elementwise => ({
  arity,
  javascript: (...operands) => `Math.${name}(${operands.join(", ")})`,
});
const library = (name: LibraryName, arity: 1 | 2 = 1): Elementwise => ({
  arity,
  javascript: (...operands) => `${name}(${operands.join(", ")})`,
});

/** Every elementwise operation: its arity and its meaning. */
export const elementwiseTable = {
  add: binary("+"),
  sub: binary("-"),
  mul: binary("*"),
  div: binary("/"),
  pow: call("pow", 2),
  maximum: call("max", 2),
  minimum: call("min", 2),
  greater: comparison(">"),
  greaterEqual: comparison(">="),
  less: comparison("<"),
  lessEqual: comparison("<="),
  equal: comparison("==="),
  and: { arity: 2, javascript: (a, b) => `(${a} && ${b} ? 1 : 0)`, result: "boolean" },
  or: { arity: 2, javascript: (a, b) => `(${a} || ${b} ? 1 : 0)`, result: "boolean" },
  not: { arity: 1, javascript: (a) => `(${a} ? 0 : 1)`, result: "boolean" },
  select: { arity: 3, javascript: (condition, a, b) => `(${condition} ? ${a} : ${b})` },
  neg: { arity: 1, javascript: (a) => `-${a}` },
  abs: call("abs"),
  sign: call("sign"),
  floor: call("floor"),
  round: library("roundHalfToEven"),
  mod: library("flooredRemainder", 2),
  exp: call("exp"),
  expm1: call("expm1"),
  log: call("log"),
  log1p: call("log1p"),
  sqrt: call("sqrt"),
  square: { arity: 1, javascript: (a) => `${a} * ${a}` },
  reciprocal: { arity: 1, javascript: (a) => `1 / ${a}` },
  sin: call("sin"),
  cos: call("cos"),
  atan2: call("atan2", 2),
  tanh: call("tanh"),
  erf: library("erf"),
  sigmoid: { arity: 1, javascript: (a) => `1 / (1 + Math.exp(-${a}))` },
  // written so that NaN stays NaN
  relu: { arity: 1, javascript: (a) => `(${a} < 0 ? 0 : ${a})` },
  softplus: { arity: 1, javascript: (a) => `(Math.max(${a}, 0) + Math.log1p(Math.exp(-Math.abs(${a}))))` },
} as const satisfies Record<string, Elementwise>;

/** The name of an elementwise operation. */
export type ElementwiseName = keyof typeof elementwiseTable;

/** Whether an operation is elementwise. */
export function isElementwiseName(name: string): name is ElementwiseName {
  return name in elementwiseTable;
}

/** Facts about an elementwise operation, without the narrow types of the table's literal. */
export function elementwise(name: ElementwiseName): Elementwise {
  return elementwiseTable[name];
}

const compiled = new Map<ElementwiseName, (...operands: number[]) => number>();

/** The operation as a function on numbers, made from the same source that the reference target runs. */
export function elementwiseFunction(name: ElementwiseName): (...operands: number[]) => number {
  let evaluate = compiled.get(name);
  if (!evaluate) {
    const operands = ["a", "b", "c"].slice(0, elementwise(name).arity);
    const source = elementwise(name).javascript(...operands);
    evaluate = evaluateSource(`return (${operands}) => ${source};`) as (...numbers: number[]) => number;
    compiled.set(name, evaluate);
  }
  return evaluate;
}
