import type { Graph } from "../../graph/graph.js";
import { resultsOf } from "../../graph/graph.js";
import type { Node } from "../../graph/node.js";
import { sizeOf } from "../../shape.js";
import { isElementwise, type Task } from "./schedule.js";

/** Where each node's elements lie while the program runs. */
export interface Storage {
  /** Name of the array in the generated source: `v0`, ... for inputs, `r0`, ... for outputs, `b0`, ... for the pool. */
  nameOf(node: Node): string;
  /** Whether a loop has to store this node, because something outside it reads it. */
  isStored(node: Node): boolean;
  /** Lengths of the scratch arrays, in the order of their names. */
  readonly scratch: readonly number[];
}

/** The node whose elements a node shares: a reshape moves nothing. */
export function elementsOf(node: Node): Node {
  return node.operation === "reshape" ? elementsOf(node.inputs[0]) : node;
}

/**
 * Gives every node that must be kept an array: inputs theirs, the nodes behind outputs the arrays that the run returns,
 * all others one of a pool; an array of the pool is used again as soon as its last reader has run.
 */
export function planStorage(graph: Graph, tasks: readonly Task[]): Storage {
  const results = new Set(resultsOf(graph).map(elementsOf)); // read at the end, so never overwritten
  const { readOutsideLoop, readLastBy } = readersOf(tasks);
  const names = namesFromOutside(graph);
  const pool = new ScratchPool();
  const isStored = (node: Node): boolean =>
    !isElementwise(node) || readOutsideLoop.has(node) || results.has(node);
  tasks.forEach((task, at) => {
    for (const node of nodesOf(task)) {
      if (!isStored(node) || elementsOf(node) !== node || names.has(node)) continue;
      names.set(node, pool.take(sizeOf(node.shape)));
    }
    for (const node of readLastBy[at]) {
      const name = names.get(node);
      if (name && pool.owns(name) && !results.has(node)) pool.giveBack(name, sizeOf(node.shape));
    }
  });
  const nameOf = (node: Node): string => {
    const name = names.get(elementsOf(node));
    if (!name) throw new Error(`internal: no storage for a node "${node.operation}"`);
    return name;
  };
  return { nameOf, isStored, scratch: pool.sizes };
}

function nodesOf(task: Task): readonly Node[] {
  return "loop" in task ? task.loop.nodes : [task.node];
}

/** Which nodes are read by another task than the one that makes them, and which are read last by each task. */
function readersOf(tasks: readonly Task[]): { readOutsideLoop: Set<Node>; readLastBy: Node[][] } {
  const lastReader = new Map<Node, number>();
  const readOutsideLoop = new Set<Node>();
  tasks.forEach((task, at) => {
    const inside = new Set(nodesOf(task));
    for (const input of nodesOf(task).flatMap((node) => node.inputs.map(elementsOf))) {
      lastReader.set(input, at);
      if (!inside.has(input)) readOutsideLoop.add(input);
    }
  });
  const readLastBy = tasks.map((): Node[] => []);
  for (const [node, at] of lastReader) readLastBy[at].push(node);
  return { readOutsideLoop, readLastBy };
}

/** Arrays that the caller brings: one per input, one per output. */
function namesFromOutside(graph: Graph): Map<Node, string> {
  const names = new Map<Node, string>(graph.inputs.map((node, i) => [node, `v${i}`]));
  Object.values(graph.outputs).forEach((node, i) => {
    const origin = elementsOf(node);
    const computed = origin.operation !== "input" && origin.operation !== "constant";
    if (computed && !names.has(origin)) names.set(origin, `r${i}`);
  });
  return names;
}

/** Arrays of the program itself, handed out by size. */
class ScratchPool {
  readonly sizes: number[] = [];
  private readonly free = new Map<number, string[]>();

  /** An array that nothing uses, or a new one. */
  take(size: number): string {
    return this.free.get(size)?.pop() ?? `b${this.sizes.push(size) - 1}`;
  }

  giveBack(name: string, size: number): void {
    this.free.set(size, [...(this.free.get(size) ?? []), name]);
  }

  owns(name: string): boolean {
    return name.startsWith("b");
  }
}
