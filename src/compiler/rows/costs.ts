import type { Node } from "../graph/node.js";
import { sizeOf } from "../shape.js";

/** Operations whose results are cheaper to keep than to compute again: products, sums, lookups, transcendental functions. */
const keptOperations: ReadonlySet<Node["operation"]> = new Set<Node["operation"]>([
  "matMul",
  "reduce",
  "cumSum",
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

/**
 * Whether a later stage reads the rows of a node that an earlier one has computed, rather than compute them again from
 * those that it reads: arithmetic on what is read anyway costs less than a second array in memory.
 */
export function isWorthKeeping({ operation }: Node): boolean {
  return keptOperations.has(operation);
}

/** Whether every portion of rows may compute this again: it is arithmetic on single numbers, or moves nothing. */
export function isFree(node: Node): boolean {
  if (node.operation === "reshape") return true;
  return (
    sizeOf(node.shape) === 1 && node.inputs.every(({ shape }) => sizeOf(shape) === 1) && !isWorthKeeping(node)
  );
}
