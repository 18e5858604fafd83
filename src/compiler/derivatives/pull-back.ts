import { liveNodes } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";
import { type Node, uniformValue } from "../graph/node.js";
import { reshape } from "../operations/arrange.js";
import { apply } from "../operations/elementwise.js";
import { reduce } from "../operations/reduce.js";
import { type Shape, sameShape } from "../shape.js";
import { pullbackOf } from "./pullback-rules.js";

/** A result of which a derivative is taken, and the cotangent that it gets. */
export interface Seed {
  readonly result: Node;
  readonly cotangent: Node;
}

/**
 * Reverse mode: gradients of sum_i <cotangent_i, result_i> for each source; zeros where a source has no influence. They
 * are made of operations that have derivatives again.
 */
export function pullBack(builder: GraphBuilder, seeds: readonly Seed[], sources: readonly Node[]): Node[] {
  const nodes = liveNodes(seeds.map(({ result }) => result));
  const varies = new Set<Node>(sources);
  for (const node of nodes) if (node.inputs.some((input) => varies.has(input))) varies.add(node);

  const cotangents = new Map<Node, Node>();
  const add = (node: Node, cotangent: Node): void => {
    if (uniformValue(cotangent) === 0) return;
    const own = summedTo(builder, cotangent, node.shape);
    const earlier = cotangents.get(node);
    cotangents.set(node, earlier ? apply(builder, "add", earlier, own) : own);
  };
  for (const { result, cotangent } of seeds) if (varies.has(result)) add(result, cotangent);
  for (const node of nodes.reverse()) {
    const cotangent = cotangents.get(node);
    if (!cotangent || node.inputs.length === 0) continue;
    pullbackOf(builder, node, cotangent).forEach((part, i) => {
      if (part && varies.has(node.inputs[i])) add(node.inputs[i], part());
    });
  }
  return sources.map((source) => cotangents.get(source) ?? builder.constant(0, source.shape));
}

/** Sums a cotangent over the axes along which an operand had been repeated. */
function summedTo(builder: GraphBuilder, cotangent: Node, shape: Shape): Node {
  if (sameShape(cotangent.shape, shape)) return cotangent;
  const lead = cotangent.shape.length - shape.length;
  const repeated = (axis: number): boolean =>
    axis < lead || (shape[axis - lead] === 1 && cotangent.shape[axis] !== 1);
  const axes = cotangent.shape.map((_, axis) => axis).filter(repeated);
  return reshape(builder, reduce(builder, "sum", cotangent, axes), shape);
}
