import { erf } from "./error-function.js";
import { solveLinearSystems } from "./solve-linear-system.js";

/** Functions that generated code calls by name, beside those of Math. */
export const libraryFunctions = { erf, roundHalfToEven, flooredRemainder, solveLinearSystems } as const;

/** The name of such a function. */
export type LibraryName = keyof typeof libraryFunctions;

/** The nearest integer; of two equally near ones, the even one. */
function roundHalfToEven(x: number): number {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** a - b floor(a / b), without its rounding: the remainder that has the divisor's sign. */
function flooredRemainder(a: number, b: number): number {
  const remainder = a % b;
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder;
}

/** Evaluates JavaScript source that may call these functions, and the parameters given under their names. */
export function evaluateSource(source: string, parameters: Readonly<Record<string, unknown>> = {}): unknown {
  const scope = { ...libraryFunctions, ...parameters };
  return new Function(...Object.keys(scope), source)(...Object.values(scope));
}
