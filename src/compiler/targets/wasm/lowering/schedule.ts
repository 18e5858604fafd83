import type { Node } from "../../../graph/node.js";
import { sizeOf } from "../../../shape.js";
import type { Accumulation } from "./accumulations.js";
import {
  isReduction,
  iteratedShape,
  type Role,
  readsInStep,
  roleOf,
  type SingleNode,
  squeezed,
  type Task,
} from "./task.js";
import type { Views } from "./view.js";

/**
 * Orders a graph's operations and gathers those of one iteration shape in nests.
 *
 * Scalars and operations with code of their own run as soon as they can. When only nests are left, that one runs for which
 * something else waits, with everything of its shape that something waits for: what nothing waits for yet is computed
 * later, together with its readers, instead of being stored for them. Time grows with the number of nodes and their inputs.
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

/** What is known of a node while tasks are made. */
interface Entry {
  readonly node: Node;
  readonly role: Role;
  /** Names the iteration shape. */
  readonly shape: string;
  readonly dependencies: Entry[];
  readonly users: Entry[];
  /** Dependencies that are not computed. */
  uncomputed: number;
  /** Dependencies that no nest could compute now either. */
  unavailable: number;
  isComputed: boolean;
  /** Whether a nest could compute it now, if need be together with what it depends on. */
  isAvailable: boolean;
  /** Whether something waits for it that nothing but nests is missing for. */
  isNeeded: boolean;
}

class Scheduler {
  private readonly tasks: Task[] = [];
  private readonly entries = new Map<Node, Entry>();
  private readonly ready = { scalar: [] as Entry[], single: [] as Entry[] };
  /** By shape: nodes of nests that could be computed, and those of them that something waits for. */
  private readonly available = new Map<string, Set<Entry>>();
  private readonly needed = new Map<string, Set<Entry>>();

  constructor(
    nodes: readonly Node[],
    private readonly options: SchedulerOptions,
  ) {
    for (const node of nodes) this.entries.set(node, this.entryOf(node));
  }

  private entryOf(node: Node): Entry {
    const dependencies = this.operandsOf(node).flatMap((source) => this.entries.get(source) ?? []);
    const entry: Entry = {
      node,
      role: this.options.accumulations.has(node) ? "single" : roleOf(node),
      shape: squeezed(iteratedShape(node)).join(),
      dependencies,
      users: [],
      uncomputed: dependencies.length,
      unavailable: dependencies.length,
      isComputed: false,
      isAvailable: false,
      isNeeded: false,
    };
    for (const dependency of dependencies) dependency.users.push(entry);
    return entry;
  }

  /** The arrays that a node reads, each once. */
  private operandsOf(node: Node): Node[] {
    const { accumulations, views } = this.options;
    const copied = views.copiedFrom(node);
    const accumulation = accumulations.get(node);
    const inputs = accumulation ? [accumulation.term, ...accumulation.product.inputs] : node.inputs;
    return [...new Set(copied ? [copied.source] : inputs.map((input) => views.of(input).source))];
  }

  run(): Task[] {
    for (const entry of this.entries.values()) if (entry.dependencies.length === 0) this.reach(entry);
    for (;;) {
      const scalar = this.ready.scalar.pop();
      const entry = scalar ?? this.ready.single.pop();
      if (entry) {
        this.tasks.push(scalar ? { kind: "scalar", node: entry.node } : this.singleTask(entry.node));
        this.complete([entry]);
      } else if (this.available.size > 0) {
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

  /** Notes that all dependencies of a node are computed, or could be by nests. */
  private reach(entry: Entry): void {
    if (entry.uncomputed === 0 && entry.role !== "nest") {
      this.ready[entry.role].push(entry);
    } else if (entry.role === "nest" && this.canJoin(entry)) {
      entry.isAvailable = true;
      setUnder(this.available, entry);
      for (const user of entry.users) this.countAvailable(user);
      if (isReduction(entry.node)) this.need(entry);
    } else {
      for (const dependency of entry.dependencies) this.need(dependency);
    }
  }

  private countAvailable(user: Entry): void {
    user.unavailable--;
    if (user.unavailable === 0) this.reach(user);
  }

  /** Whether what is not computed yet of a node's dependencies can be in one nest with it. */
  private canJoin({ dependencies, node, shape }: Entry): boolean {
    const { views } = this.options;
    return dependencies.every(
      (dependency) =>
        dependency.isComputed ||
        (dependency.shape === shape &&
          node.inputs.every(
            (operand) => views.of(operand).source !== dependency.node || readsInStep(node, operand, views),
          )),
    );
  }

  /** Notes that something waits for a node, and so for what it depends on. */
  private need(entry: Entry): void {
    if (entry.isComputed || entry.isNeeded) return;
    entry.isNeeded = true;
    setUnder(this.needed, entry);
    for (const dependency of entry.dependencies) this.need(dependency);
  }

  private runNest(): void {
    const [first] = oldest(this.needed.size > 0 ? this.needed : this.available);
    const needed = this.needed.get(first.shape) ?? (this.available.get(first.shape) as Set<Entry>);
    const chosen = this.withSharers(needed);
    const nodes = chosen.map(({ node }) => node).sort((a, b) => a.id - b.id);
    this.tasks.push({ kind: "nest", nest: { shape: squeezed(iteratedShape(first.node)), nodes } });
    this.complete(chosen);
  }

  /**
   * Nodes that are needed, and those that would force an operand to be stored if they were left for later: one that need
   * not be stored otherwise, and that no other one left would read.
   */
  private withSharers(needed: ReadonlySet<Entry>): Entry[] {
    const chosen = new Set([...needed].sort((a, b) => a.node.id - b.node.id));
    const isInside = (entry: Entry): boolean => entry.isAvailable && entry.shape === shape;
    const [{ shape }] = chosen;
    const isStoredAnyway = ({ node, users }: Entry): boolean =>
      this.options.results.has(node) ||
      users.some((user) => !isInside(user)) ||
      users.filter((user) => !needed.has(user)).length > 1;
    for (const entry of chosen) {
      for (const user of entry.users) {
        if (chosen.has(user) || !isInside(user)) continue;
        const missing = user.dependencies.filter((dependency) => !dependency.isComputed);
        if (missing.every((dependency) => chosen.has(dependency)) && !missing.every(isStoredAnyway)) {
          chosen.add(user);
        }
      }
    }
    return [...chosen];
  }

  /** Marks nodes as computed; what waited for nothing else can run now. */
  private complete(computed: readonly Entry[]): void {
    for (const entry of computed) {
      entry.isComputed = true;
      removeFrom(this.available, entry);
      removeFrom(this.needed, entry);
    }
    for (const entry of computed) {
      for (const user of entry.users) {
        user.uncomputed--;
        if (!entry.isAvailable) this.countAvailable(user);
        else if (user.unavailable === 0) this.waitLess(user);
      }
    }
  }

  /** A node whose last missing dependencies were computed by nests. */
  private waitLess(entry: Entry): void {
    if (entry.uncomputed === 0 && !entry.isComputed && !entry.isAvailable) this.reach(entry);
  }
}

function setUnder(groups: Map<string, Set<Entry>>, entry: Entry): void {
  const group = groups.get(entry.shape);
  if (group) group.add(entry);
  else groups.set(entry.shape, new Set([entry]));
}

function removeFrom(groups: Map<string, Set<Entry>>, entry: Entry): void {
  const group = groups.get(entry.shape);
  if (group?.delete(entry) && group.size === 0) groups.delete(entry.shape);
}

/** The group with the node that was made first. */
function oldest(groups: ReadonlyMap<string, ReadonlySet<Entry>>): Entry[] {
  let found: Entry[] = [];
  for (const group of groups.values()) {
    for (const entry of group) if (found.length === 0 || entry.node.id < found[0].node.id) found = [entry];
  }
  return found;
}

/** Operations that move no elements need no task; nor does what has no elements. */
export function isComputed(node: Node, views: Views): boolean {
  if (node.operation === "input" || node.operation === "constant") return false;
  return views.of(node).source === node && sizeOf(node.shape) > 0;
}
