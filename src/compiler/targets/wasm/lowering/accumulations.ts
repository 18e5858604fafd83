import type { MatMulNode, Node } from "../../../graph/node.js";
import { sameShape, sizeOf } from "../../../shape.js";
import { roleOf } from "./task.js";

/** A sum that is computed by adding a matrix product to what its array holds already. */
export interface Accumulation {
  readonly term: Node;
  readonly product: MatMulNode;
}

/**
 * Sums of matrix products that nothing else reads: gradients of parameters, to which every use of them contributes. The
 * first term is a product too, or an array of the caller's, the running sum.
 */
export function accumulationsOf(
  nodes: readonly Node[],
  results: ReadonlySet<Node>,
): ReadonlyMap<Node, Accumulation> {
  const readers = readersOf(nodes);
  const accumulations = new Map<Node, Accumulation>();
  const isReadOnce = (node: Node): boolean => readers.get(node) === 1 && !results.has(node);
  const isProduct = (node: Node): node is MatMulNode =>
    node.operation === "matMul" && roleOf(node) === "single" && isReadOnce(node);
  for (const node of nodes) {
    if (node.operation !== "add" || sizeOf(node.shape) === 1) continue;
    const [a, b] = node.inputs;
    if (!sameShape(a.shape, b.shape)) continue;
    const [term, sum] = isProduct(b) || accumulations.has(b) ? [a, b] : [b, a];
    const isRunningSum = term.operation === "input" && !readers.has(node);
    if (isProduct(sum)) {
      const isSum = isProduct(term) || (accumulations.has(term) && isReadOnce(term));
      if (isSum || isRunningSum) accumulations.set(node, { term, product: sum });
    } else if (isRunningSum && accumulations.has(sum) && isReadOnce(sum)) {
      startFrom(term, node, sum, accumulations);
    }
  }
  return accumulations;
}

/**
 * Makes x + (((A + B) + C) + ...) the sum (((x + A) + B) + C) + ..., so that all products are added to x. Every partial sum
 * takes over the product of the next one.
 */
function startFrom(x: Node, result: Node, sum: Node, accumulations: Map<Node, Accumulation>): void {
  const { term, product } = accumulations.get(sum) as Accumulation;
  accumulations.set(result, { term: sum, product });
  if (accumulations.has(term)) startFrom(x, sum, term, accumulations);
  else accumulations.set(sum, { term: x, product: term as MatMulNode });
}

function readersOf(nodes: readonly Node[]): Map<Node, number> {
  const readers = new Map<Node, number>();
  for (const { inputs } of nodes) {
    for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  }
  return readers;
}
