import type { Node } from "../graph/node.js";

/**
 * Operations that cost more than the memory traffic of an elementwise pass: products, sums, lookups, transcendental
 * functions. Their results are kept rather than computed again.
 */
export const expensiveOperations: ReadonlySet<Node["operation"]> = new Set<Node["operation"]>([
  "matMul",
  "reduce",
  "cumSum",
  "linearSolve",
  "gather",
  "scatterAdd",
  "pow",
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "atan2",
  "tanh",
  "erf",
  "sigmoid",
  "softplus",
]);
