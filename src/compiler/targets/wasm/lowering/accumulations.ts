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
 * first term is a product, another such sum, or an array of the caller's to which nothing but this sum is added.
 */
export function accumulationsOf(
  nodes: readonly Node[],
  results: ReadonlySet<Node>,
): ReadonlyMap<Node, Accumulation> {
  const readers = readersOf(nodes);
  const accumulations = new Map<Node, Accumulation>();
  const isRead = (node: Node, times: number): boolean =>
    (readers.get(node) ?? 0) === times && (times === 0 || !results.has(node));
  const isProduct = (node: Node): node is MatMulNode =>
    node.operation === "matMul" && roleOf(node) === "single" && isRead(node, 1);
  for (const node of nodes) {
    if (node.operation !== "add" || sizeOf(node.shape) === 1) continue;
    const product = [...node.inputs].reverse().find(isProduct);
    const term = node.inputs.find((input) => input !== product);
    if (!product || !term || ![term, product].every(({ shape }) => sameShape(shape, node.shape))) continue;
    const isSum = isProduct(term) || (accumulations.has(term) && isRead(term, 1));
    if (isSum || (term.operation === "input" && isRead(node, 0))) accumulations.set(node, { term, product });
  }
  return accumulations;
}

function readersOf(nodes: readonly Node[]): Map<Node, number> {
  const readers = new Map<Node, number>();
  for (const { inputs } of nodes) {
    for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  }
  return readers;
}
