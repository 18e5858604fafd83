import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Graph, liveNodes, resultsOf } from "../../../src/compiler/graph/graph.js";
import type { Node } from "../../../src/compiler/graph/node.js";
import { sizeOf } from "../../../src/compiler/shape.js";
import { type Schedule, scheduleOf } from "../../../src/compiler/targets/wasm/lowering/lower.js";
import { planStorage } from "../../../src/compiler/targets/wasm/lowering/storage.js";
import {
  iteratedShape,
  nodesOf,
  readsInStep,
  squeezed,
  type Task,
} from "../../../src/compiler/targets/wasm/lowering/task.js";
import type { Views } from "../../../src/compiler/targets/wasm/lowering/view.js";
import { paddedBytes } from "../../../src/compiler/targets/wasm/memory.js";
import { anyGraph, randomGradient, randomGraph } from "./random-graphs.js";

const anyLoweredGraph: fc.Arbitrary<Graph> = fc
  .tuple(anyGraph, fc.boolean())
  .map(([settings, gradient]) => (gradient ? randomGradient(settings).graph : randomGraph(settings)));

/** The arrays that a task reads; those of inputs and constants too. */
function sourcesOf(task: Task, views: Views): { reader: Node; operand: Node; source: Node }[] {
  const operands = (node: Node): readonly Node[] =>
    task.kind === "accumulation" ? [task.term, ...task.product.inputs] : node.inputs;
  return nodesOf(task).flatMap((reader) => {
    const copied = views.copiedFrom(reader);
    if (copied) return [{ reader, operand: copied.source, source: copied.source }];
    return operands(reader).map((operand) => ({ reader, operand, source: views.of(operand).source }));
  });
}

const isGiven = ({ operation }: Node): boolean => operation === "input" || operation === "constant";

describe("the schedule of a graph", () => {
  const forAny = (check: (schedule: Schedule, graph: Graph) => void): void =>
    fc.assert(
      fc.property(anyLoweredGraph, (graph) => check(scheduleOf(graph), graph)),
      { numRuns: 80 },
    );

  it("computes nothing twice, and everything that something reads before it is read", () => {
    forAny(({ tasks, views }, graph) => {
      const done = new Set<Node>();
      for (const task of tasks) {
        const inside = nodesOf(task);
        for (const { operand, reader, source } of sourcesOf(task, views)) {
          if (isGiven(source) || done.has(source)) continue;
          expect(inside.indexOf(source), "an operand of the same task comes first").toBeGreaterThanOrEqual(0);
          expect(inside.indexOf(source)).toBeLessThan(inside.indexOf(reader));
          expect(readsInStep(reader, operand, views), "and is read in step").toBe(true);
        }
        for (const node of inside) {
          expect(done.has(node)).toBe(false);
          done.add(node);
        }
      }
      for (const node of resultsOf(graph)) {
        const { source } = views.of(node);
        expect(isGiven(source) || done.has(source)).toBe(true);
      }
    });
  });

  it("puts nodes of one iteration shape in a nest", () => {
    forAny(({ tasks }) => {
      for (const task of tasks) {
        if (task.kind !== "nest") continue;
        for (const node of task.nest.nodes) expect(squeezed(iteratedShape(node))).toEqual(task.nest.shape);
      }
    });
  });
});

describe("the plan of a program's storage", () => {
  it("gives no array the place of another that is still to be read", () => {
    fc.assert(
      fc.property(anyLoweredGraph, (graph) => {
        const { tasks, views } = scheduleOf(graph);
        const storage = planStorage({
          graph,
          tasks,
          views,
          bytes: 8,
          reserved: 64,
          temporaryBytes: () => 100,
          addressOf: () => 4096,
        });
        const lastRead = new Map<Node, number>();
        tasks.forEach((task, at) => {
          for (const { source } of sourcesOf(task, views)) lastRead.set(source, at);
        });
        for (const node of resultsOf(graph)) lastRead.set(views.of(node).source, tasks.length);
        const range = (node: Node) => {
          const { base, offset } = storage.placeOf(node);
          return { base, start: offset, end: offset + paddedBytes(8 * sizeOf(node.shape)) };
        };
        const alive = new Set<Node>();
        tasks.forEach((task, at) => {
          const taken = task.kind === "accumulation" ? views.of(task.term).source : undefined;
          for (const node of nodesOf(task).filter((made) => storage.isStored(made))) {
            const own = range(node);
            for (const other of alive) {
              if (other === taken) continue;
              const theirs = range(other);
              const apart = own.base !== theirs.base || own.end <= theirs.start || theirs.end <= own.start;
              expect(apart, `${node.operation} and ${other.operation}`).toBe(true);
            }
            if (own.base === "scratch") {
              expect(own.start).toBeGreaterThanOrEqual(64);
              expect(own.end).toBeLessThanOrEqual(storage.scratchBytes);
            }
            alive.add(node);
          }
          for (const node of alive) if ((lastRead.get(node) ?? -1) <= at) alive.delete(node);
        });
        expect(liveNodes(resultsOf(graph)).length).toBeGreaterThan(0);
      }),
      { numRuns: 80 },
    );
  });
});
