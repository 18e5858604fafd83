import type { Node, SliceNode } from "../graph/node.js";
import { expensiveOperations } from "../operations/expensive-operations.js";
import { sizeOf } from "../shape.js";

/**
 * Whether a later stage reads the rows of a node that an earlier one has computed, rather than compute them again from
 * those that it reads: arithmetic on what is read anyway costs less than a second array in memory.
 */
export function isWorthKeeping({ operation }: Node): boolean {
  return expensiveOperations.has(operation);
}

/**
 * Whether every portion of rows may compute this again rather than read it: it is arithmetic on single numbers, or merely
 * another view of elements in the order in which they lie.
 */
export function isFree(node: Node): boolean {
  if (node.operation === "reshape") return true;
  if (node.operation === "slice") return isContiguousSlice(node);
  const single = [node, ...node.inputs].every(({ shape }) => sizeOf(shape) === 1);
  return single && !isWorthKeeping(node);
}

function isContiguousSlice({ inputs: [x], shape, strides }: SliceNode): boolean {
  return (
    strides.every((stride) => stride === 1) &&
    shape.every((length, axis) => axis === 0 || length === x.shape[axis])
  );
}

/** How many elements a node combines, roughly. */
export function workOf(node: Node): number {
  switch (node.operation) {
    case "input":
    case "constant":
    case "reshape":
      return 0;
    case "matMul": {
      const [a] = node.inputs;
      return sizeOf(node.shape) * (a.shape.at(node.transposeA ? -2 : -1) as number);
    }
    case "reduce":
      return sizeOf(node.inputs[0].shape);
    default:
      return sizeOf(node.shape);
  }
}
