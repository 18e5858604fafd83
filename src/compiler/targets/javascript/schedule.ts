import { type Graph, liveNodes, resultsOf } from "../../graph/graph.js";
import type { ElementwiseNode, Node } from "../../graph/node.js";
import { isElementwiseName } from "../../operations/elementwise-table.js";
import { type Shape, shapeText } from "../../shape.js";

/** Elementwise operations of one shape that run in one loop, in order. */
export interface LoopNest {
  readonly shape: Shape;
  readonly nodes: ElementwiseNode[];
}

/** One piece of the program: a fused loop, or a single operation. */
export type Task = { readonly loop: LoopNest } | { readonly node: Node };

/**
 * Orders a graph's operations and fuses elementwise ones of equal shape.
 *
 * A loop stays open until a node outside it needs one of its results; at that moment it is emitted. Everything an open
 * loop reads has been emitted before, so it can be emitted at any time.
 */
export function schedule(graph: Graph): Task[] {
  const tasks: Task[] = [];
  const open = new Map<string, LoopNest>();
  const loopOf = new Map<Node, LoopNest>();
  const emit = (loop: LoopNest): void => {
    open.delete(shapeText(loop.shape));
    for (const node of loop.nodes) loopOf.delete(node);
    tasks.push({ loop });
  };
  for (const node of liveNodes(resultsOf(graph))) {
    if (node.operation === "input" || node.operation === "constant") continue;
    const own = isElementwise(node) ? open.get(shapeText(node.shape)) : undefined;
    for (const input of node.inputs) {
      const loop = loopOf.get(input);
      if (loop && loop !== own) emit(loop);
    }
    if (!isElementwise(node)) {
      tasks.push({ node });
      continue;
    }
    const loop = open.get(shapeText(node.shape)) ?? { shape: node.shape, nodes: [] };
    open.set(shapeText(node.shape), loop);
    loop.nodes.push(node);
    loopOf.set(node, loop);
  }
  for (const loop of [...open.values()]) emit(loop);
  return tasks;
}

/** Whether a node applies one operation to each element. */
export function isElementwise(node: Node): node is ElementwiseNode {
  return isElementwiseName(node.operation);
}
