import type { Graph } from "../../graph/graph.js";
import { resultsOf } from "../../graph/graph.js";
import type { Node } from "../../graph/node.js";
import { sizeOf } from "../../shape.js";
import { isElementwise, type Task } from "./schedule.js";

/** Where each node's elements lie while the program runs. */
export interface Storage {
  /** Name of the array in the generated source. */
  nameOf(node: Node): string;
  /** Whether a loop has to store this node, because something outside it reads it. */
  isStored(node: Node): boolean;
  /** Lengths of the scratch arrays, in the order of their names `b0`, `b1`, .... */
  readonly scratch: readonly number[];
}

/** The node whose elements a node shares: a reshape moves nothing. */
export function elementsOf(node: Node): Node {
  return node.operation === "reshape" ? elementsOf(node.inputs[0]) : node;
}

/**
 * Gives every node that must be kept an array: results their own (new at each run), all others one from a pool that is
 * reused as soon as its last reader has run.
 */
export function planStorage(graph: Graph, tasks: readonly Task[]): Storage {
  const results = new Set(resultsOf(graph).map(elementsOf));
  const lastReader = new Map<Node, number>();
  const readOutsideLoop = new Set<Node>();
  tasks.forEach((task, at) => {
    const inside = new Set<Node>("loop" in task ? task.loop.nodes : []);
    for (const node of "loop" in task ? task.loop.nodes : [task.node]) {
      for (const input of node.inputs.map(elementsOf)) {
        lastReader.set(input, at);
        if (!inside.has(input)) readOutsideLoop.add(input);
      }
    }
  });
  const names = new Map<Node, string>();
  const scratch: number[] = [];
  const free = new Map<number, string[]>();
  const isStored = (node: Node): boolean =>
    !isElementwise(node) || readOutsideLoop.has(node) || results.has(node);
  graph.inputs.forEach((node, i) => names.set(node, `v${i}`));
  tasks.forEach((task, at) => {
    const made = "loop" in task ? task.loop.nodes.filter(isStored) : [task.node];
    for (const node of made) {
      if (elementsOf(node) !== node) continue;
      const size = sizeOf(node.shape);
      const reused = results.has(node) ? undefined : free.get(size)?.pop();
      names.set(node, reused ?? `b${scratch.push(size) - 1}`);
    }
    for (const [node, last] of lastReader) {
      const name = names.get(node);
      if (last !== at || !name?.startsWith("b") || results.has(node)) continue;
      const size = sizeOf(node.shape);
      free.set(size, [...(free.get(size) ?? []), name]);
    }
  });
  const nameOf = (node: Node): string => {
    const name = names.get(elementsOf(node));
    if (!name) throw new Error(`internal: no storage for a node "${node.operation}"`);
    return name;
  };
  return { nameOf, isStored, scratch };
}
