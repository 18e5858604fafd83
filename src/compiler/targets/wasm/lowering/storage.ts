import type { Graph } from "../../../graph/graph.js";
import { isUniform, type Node } from "../../../graph/node.js";
import { sizeOf } from "../../../shape.js";
import { FirstFit } from "../first-fit.js";
import { paddedBytes } from "../memory.js";
import { isReduction, nodesOf, readsInStep, roleOf, type Task } from "./task.js";
import { isWhole, type Views } from "./view.js";

/**
 * Where an array lies: `offset` bytes behind the start of the program's scratch area, behind address 0 ("absolute"), or
 * behind one of the pointers that each run is given (those of the inputs, then those of the outputs).
 */
export interface Place {
  readonly base: "scratch" | "absolute" | number;
  readonly offset: number;
}

/** Where each array of a program lies while it runs. */
export interface Storage {
  /** Whether a node has an array in memory. */
  isStored(node: Node): boolean;
  /** The array of an input, a constant, or a stored node. */
  placeOf(node: Node): Place;
  /** Scratch that a task has to itself. */
  temporaryOf(task: Task): Place;
  /** Bytes of the scratch area. */
  readonly scratchBytes: number;
}

/** What the plan is made from. */
export interface StorageRequest {
  readonly graph: Graph;
  readonly tasks: readonly Task[];
  readonly views: Views;
  /** Bytes of one number. */
  readonly bytes: number;
  /** Bytes at the start of the scratch area that are taken. */
  readonly reserved: number;
  /** Bytes of scratch that a task needs for itself. */
  temporaryBytes(task: Task): number;
  /** Copies a constant into memory and gives its address. */
  addressOf(constant: Node): number;
}

/** Whether a node's number is kept in a local: scalars of the host, results of one element, reductions to one. */
export function isInLocal(node: Node, graph: Graph): boolean {
  if (node.operation === "input") return graph.scalars.includes(node);
  if (node.operation === "constant" || sizeOf(node.shape) !== 1) return false;
  return isReduction(node) || roleOf(node) === "scalar";
}

/**
 * Gives every array that is read through memory a place: inputs, and the arrays behind outputs, those of the caller;
 * all others one in the scratch area, first fit, which is used again as soon as its last reader has run.
 */
export function planStorage(request: StorageRequest): Storage {
  return new StoragePlan(request);
}

class StoragePlan implements Storage {
  private readonly places: Map<Node, Place>;
  private readonly temporaries = new Map<Task, Place>();
  private readonly lastReader: ReadonlyMap<Node, number>;
  /** Sums that take over the array of their first term. */
  private readonly takenOver: ReadonlyMap<Node, Node>;
  private readonly scratch: FirstFit;

  constructor(private readonly request: StorageRequest) {
    const { graph, tasks, views } = request;
    this.scratch = new FirstFit(request.reserved);
    this.places = placesOfCaller(graph, views);
    this.lastReader = lastReaders(request);
    this.takenOver = takeOvers(request, this.lastReader);
    this.placeConstants();
    for (const scalar of graph.scalars) this.place(scalar);
    this.placeTermsOfOutputs();
    const readLastBy = tasks.map((): Node[] => []);
    for (const [node, at] of this.lastReader) readLastBy[at]?.push(node);
    for (const [at, task] of tasks.entries()) this.placeTask(task, readLastBy[at]);
  }

  get scratchBytes(): number {
    return this.scratch.longest;
  }

  isStored(node: Node): boolean {
    return this.lastReader.has(node);
  }

  placeOf(node: Node): Place {
    return found(this.places.get(node), node.operation);
  }

  temporaryOf(task: Task): Place {
    return found(this.temporaries.get(task), "temporary");
  }

  private placeConstants(): void {
    for (const source of this.lastReader.keys()) {
      if (source.operation !== "constant") continue;
      this.places.set(source, { base: "absolute", offset: this.request.addressOf(source) });
    }
  }

  /** A sum that is an output is added up in the caller's array from its first term on. */
  private placeTermsOfOutputs(): void {
    for (const [sum, term] of [...this.takenOver].reverse()) {
      const place = this.places.get(sum);
      if (place && !this.places.has(term)) this.places.set(term, place);
    }
  }

  /** Gives what a task computes its places, then takes back those of what it was the last to read. */
  private placeTask(task: Task, readLast: readonly Node[]): void {
    for (const node of nodesOf(task)) this.place(node);
    const temporary = this.request.temporaryBytes(task);
    if (temporary > 0) this.placeTemporary(task, paddedBytes(temporary));
    const inherited = task.kind === "accumulation" ? this.takenOver.get(task.node) : undefined;
    for (const node of readLast) {
      const { base, offset } = this.placeOf(node);
      const isOwn = base === "scratch" && node.operation !== "input" && node !== inherited;
      if (isOwn) this.scratch.release(offset, this.sizeOf(node));
    }
  }

  /** Scratch that is free again as soon as the task has run. */
  private placeTemporary(task: Task, bytes: number): void {
    const offset = this.scratch.take(bytes);
    this.temporaries.set(task, { base: "scratch", offset });
    this.scratch.release(offset, bytes);
  }

  private place(node: Node): void {
    if (!this.lastReader.has(node) || this.places.has(node)) return;
    const term = this.takenOver.get(node);
    const place = term ? this.placeOf(term) : this.inScratch(node);
    this.places.set(node, place);
  }

  private inScratch(node: Node): Place {
    return { base: "scratch", offset: this.scratch.take(this.sizeOf(node)) };
  }

  private sizeOf(node: Node): number {
    return paddedBytes(sizeOf(node.shape) * this.request.bytes);
  }
}

function found(place: Place | undefined, what: string): Place {
  if (place) return place;
  throw new Error(`internal: no place in memory for "${what}"`);
}

/** The last task that reads each array through memory; results are read behind the last one. */
function lastReaders({ graph, tasks, views }: StorageRequest): Map<Node, number> {
  const lastReader = new Map<Node, number>();
  tasks.forEach((task, at) => {
    for (const source of sourcesInMemory(task, graph, views)) lastReader.set(source, at);
  });
  for (const node of Object.values(graph.outputs)) {
    const { source } = views.of(node);
    if (!isUniform(source)) lastReader.set(source, tasks.length);
  }
  for (const node of Object.values(graph.readouts)) {
    const { source } = views.of(node);
    if (!isUniform(source) && !isInLocal(source, graph)) lastReader.set(source, tasks.length);
  }
  return lastReader;
}

/** Sums that are added up in the array of their first term, which nothing else reads afterwards: sum to term. */
function takeOvers(
  { tasks, views }: StorageRequest,
  lastReader: ReadonlyMap<Node, number>,
): ReadonlyMap<Node, Node> {
  const result = new Map<Node, Node>();
  tasks.forEach((task, at) => {
    if (task.kind !== "accumulation") return;
    const view = views.of(task.term);
    const { source } = view;
    const isOwn = source.operation !== "input" && source.operation !== "constant";
    const isFactor = task.product.inputs.some((factor) => views.of(factor).source === source);
    if (isOwn && !isFactor && lastReader.get(source) === at && isWhole(task.term.shape, view)) {
      result.set(task.node, source);
    }
  });
  return result;
}

/** The arrays that a task reads through memory. */
function sourcesInMemory(task: Task, graph: Graph, views: Views): Node[] {
  if (task.kind === "accumulation") {
    return [task.term, ...task.product.inputs].map((input) => views.of(input).source);
  }
  const inside = new Set(nodesOf(task));
  const takesValues = task.kind !== "single" || task.node.operation === "concat";
  return nodesOf(task).flatMap((node) => {
    const copied = views.copiedFrom(node);
    if (copied) return [copied.source];
    return node.inputs.flatMap((operand) => {
      const { source } = views.of(operand);
      if (inside.has(source) && readsInStep(node, operand, views)) return [];
      return takesValues && (isUniform(source) || isInLocal(source, graph)) ? [] : [source];
    });
  });
}

/** Arrays that the caller brings: one per input, one per output. */
function placesOfCaller(graph: Graph, views: Views): Map<Node, Place> {
  const places = new Map<Node, Place>(graph.inputs.map((node, i) => [node, { base: i, offset: 0 }]));
  Object.values(graph.outputs).forEach((node, i) => {
    const view = views.of(node);
    const { source } = view;
    const isComputed = source.operation !== "input" && source.operation !== "constant";
    if (!isComputed || places.has(source) || !isWhole(node.shape, view)) return;
    places.set(source, { base: graph.inputs.length + i, offset: 0 });
  });
  return places;
}
