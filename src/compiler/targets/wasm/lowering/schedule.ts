import type { Node } from "../../../graph/node.js";
import { sizeOf } from "../../../shape.js";
import type { Accumulation } from "./accumulations.js";
import {
  isReduction,
  iteratedShape,
  type Nest,
  type Role,
  readsInStep,
  roleOf,
  type SingleNode,
  squeezed,
  type Task,
} from "./task.js";
import type { Views } from "./view.js";

/** The arrays that a node reads which the program computes, each once. */
function dependenciesOf(node: Node, { accumulations, views }: SchedulerOptions): Node[] {
  const copied = views.copiedFrom(node);
  const accumulation = accumulations.get(node);
  const inputs = accumulation ? [accumulation.term, ...accumulation.product.inputs] : node.inputs;
  const sources = copied ? [copied.source] : inputs.map((input) => views.of(input).source);
  return [...new Set(sources)].filter((source) => isComputed(source, views));
}

/**
 * Orders a graph's operations and gathers those of one iteration shape in nests.
 *
 * Scalars and operations with code of their own run as soon as they can. When only nests are left, one shape is chosen,
 * and takes in everything of that shape that can run then, and that something else waits for: what nothing waits for
 * yet is computed later, together with its readers, instead of being stored for them.
 *
 * @param nodes in topological order, without those that only rearrange
 */
export function schedule(nodes: readonly Node[], options: SchedulerOptions): Task[] {
  return new Scheduler(nodes, options).run();
}

interface SchedulerOptions {
  readonly views: Views;
  readonly accumulations: ReadonlyMap<Node, Accumulation>;
  /** Nodes whose arrays are kept whatever else reads them. */
  readonly results: ReadonlySet<Node>;
}

class Scheduler {
  private readonly tasks: Task[] = [];
  private readonly users = new Map<Node, Node[]>();
  /** How many dependencies of a node are not computed yet. */
  private readonly pending = new Map<Node, number>();
  private readonly ready = { scalar: [] as Node[], single: [] as Node[], nest: new Map<string, Node[]>() };

  constructor(
    private readonly nodes: readonly Node[],
    private readonly options: SchedulerOptions,
  ) {
    for (const node of nodes) {
      this.users.set(node, []);
      const dependencies = dependenciesOf(node, options);
      this.pending.set(node, dependencies.length);
      for (const dependency of dependencies) this.usersOf(dependency).push(node);
    }
  }

  run(): Task[] {
    for (const node of this.nodes) if (this.pending.get(node) === 0) this.enqueue(node);
    for (;;) {
      const scalar = this.ready.scalar.pop();
      const node = scalar ?? this.ready.single.pop();
      if (node) {
        this.tasks.push(scalar ? { kind: "scalar", node } : this.singleTask(node));
        this.complete([node]);
      } else if (this.ready.nest.size > 0) {
        this.runNest();
      } else {
        return this.tasks;
      }
    }
  }

  private singleTask(node: Node): Task {
    const accumulation = this.options.accumulations.get(node);
    return accumulation
      ? { kind: "accumulation", node, ...accumulation }
      : { kind: "single", node: node as SingleNode };
  }

  private roleOf(node: Node): Role {
    return this.options.accumulations.has(node) ? "single" : roleOf(node);
  }

  private usersOf(node: Node): Node[] {
    return this.users.get(node) as Node[];
  }

  private enqueue(node: Node): void {
    const role = this.roleOf(node);
    if (role !== "nest") {
      this.ready[role].push(node);
      return;
    }
    const key = shapeKey(node);
    const waiting = this.ready.nest.get(key);
    if (waiting) waiting.push(node);
    else this.ready.nest.set(key, [node]);
  }

  /** Marks nodes as computed; what became ready is queued. */
  private complete(computed: readonly Node[]): void {
    const done = new Set(computed);
    for (const node of computed) {
      for (const user of this.usersOf(node)) {
        const left = (this.pending.get(user) as number) - 1;
        this.pending.set(user, left);
        if (left === 0 && !done.has(user)) this.enqueue(user);
      }
    }
  }

  private runNest(): void {
    const { key, members, chosen } = this.nextNest();
    const ready = this.ready.nest.get(key) as Node[];
    this.ready.nest.delete(key);
    const nest: Nest = {
      shape: squeezed(iteratedShape(members[0])),
      nodes: members.filter((node) => chosen.has(node)),
    };
    this.tasks.push({ kind: "nest", nest });
    // deferred nodes that were ready before stay so; those that became ready within the nest do so again
    for (const node of ready) if (!chosen.has(node)) this.enqueue(node);
    this.complete(nest.nodes);
  }

  /** The nest for which something waits; of several, and if there is none, the one with the node that was made first. */
  private nextNest(): Candidate {
    const byAge = [...this.ready.nest].map(([key, ready]) => ({ key, ready, oldest: oldestOf(ready) }));
    byAge.sort((a, b) => a.oldest - b.oldest);
    let first: Candidate | undefined;
    for (const { key, ready } of byAge) {
      const { members, awaited } = this.reachable(ready, key);
      const usersOf = (node: Node): readonly Node[] => this.usersOf(node);
      const chosen = withoutDeferred(members, awaited, usersOf, this.options);
      const candidate = { key, members, chosen: chosen ?? new Set(members) };
      if (chosen) return candidate;
      first ??= candidate;
    }
    return first as Candidate;
  }

  /**
   * Everything that one nest of a shape can compute now, in topological order, and the nodes outside it for which
   * nothing but this nest is missing.
   */
  private reachable(ready: readonly Node[], key: string): { members: Node[]; awaited: Set<Node> } {
    const members = new Set(ready);
    const left = new Map<Node, number>();
    const awaited = new Set<Node>();
    for (const node of members) {
      for (const user of this.usersOf(node)) {
        const count = (left.get(user) ?? (this.pending.get(user) as number)) - 1;
        left.set(user, count);
        if (count > 0) continue;
        if (this.joins(user, key, members)) members.add(user);
        else awaited.add(user);
      }
    }
    return { members: [...members].sort((a, b) => a.id - b.id), awaited };
  }

  private joins(node: Node, key: string, members: ReadonlySet<Node>): boolean {
    if (this.roleOf(node) !== "nest" || shapeKey(node) !== key) return false;
    const inside = (operand: Node): boolean => members.has(this.options.views.of(operand).source);
    return node.inputs.every((operand) => !inside(operand) || readsInStep(node, operand, this.options.views));
  }
}

/** A nest that could run now. */
interface Candidate {
  readonly key: string;
  /** All that it could compute. */
  readonly members: readonly Node[];
  /** What of these it should compute. */
  readonly chosen: ReadonlySet<Node>;
}

function oldestOf(nodes: readonly Node[]): number {
  return nodes.reduce((oldest, { id }) => Math.min(oldest, id), Number.POSITIVE_INFINITY);
}

function shapeKey(node: Node): string {
  return squeezed(iteratedShape(node)).join();
}

/**
 * The members that a nest should compute now; undefined where nothing waits for any. A reduction should; so should
 * whatever another task awaits, and what these need. The others may wait, unless that would force an operand to be stored
 * that need not be otherwise, and that no other one that waits would share.
 */
function withoutDeferred(
  members: readonly Node[],
  awaited: ReadonlySet<Node>,
  usersOf: (node: Node) => readonly Node[],
  options: SchedulerOptions,
): Set<Node> | undefined {
  const inside = new Set(members);
  const needed = new Set<Node>();
  for (const node of [...members].reverse()) {
    const isNeeded = (user: Node): boolean => awaited.has(user) || needed.has(user);
    if (isReduction(node) || usersOf(node).some(isNeeded)) needed.add(node);
  }
  if (needed.size === 0) return undefined;
  const chosen = new Set(needed);
  const isWorthStoring = (node: Node): boolean => {
    const users = usersOf(node);
    const waiting = users.filter((user) => inside.has(user) && !needed.has(user));
    return options.results.has(node) || waiting.length > 1 || users.some((user) => !inside.has(user));
  };
  for (const node of members) {
    if (needed.has(node)) continue;
    const operands = dependenciesOf(node, options).filter((operand) => inside.has(operand));
    if (operands.every((operand) => chosen.has(operand)) && !operands.every(isWorthStoring)) chosen.add(node);
  }
  return chosen;
}

/** Operations that move no elements need no task; nor does what has no elements. */
export function isComputed(node: Node, views: Views): boolean {
  if (node.operation === "input" || node.operation === "constant") return false;
  return views.of(node).source === node && sizeOf(node.shape) > 0;
}
