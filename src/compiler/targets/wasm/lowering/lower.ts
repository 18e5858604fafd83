import { type Graph, liveNodes, resultsOf } from "../../../graph/graph.js";
import type { Node } from "../../../graph/node.js";
import { type ArgumentBlock, argumentBlock } from "../argument-block.js";
import { vectorFormats } from "../vector-format.js";
import { accumulationsOf } from "./accumulations.js";
import { type ProgramSettings, ProgramWriter } from "./program-writer.js";
import { isComputed, schedule } from "./schedule.js";
import { matMulTemporaryBytes } from "./single/mat-mul.js";
import { planStorage } from "./storage.js";
import type { Task } from "./task.js";
import { type Views, viewsOf } from "./view.js";

/** How to lower a graph. */
export interface LoweringOptions extends ProgramSettings {
  /** Copies a constant into memory and gives its address, which the code then refers to. */
  addressOf(constant: Node): number;
}

/** A graph as a WebAssembly module, which exports `run(scratch)`. */
export interface LoweredGraph {
  readonly bytes: Uint8Array;
  /** Functions that the host has to give. */
  readonly importedNames: readonly string[];
  readonly block: ArgumentBlock;
  /** Bytes of the scratch area, at whose start the argument block lies. */
  readonly scratchBytes: number;
}

/** A graph's operations in the order in which they run. */
export interface Schedule {
  readonly tasks: readonly Task[];
  readonly views: Views;
}

/** Decides what is computed when, and what is only read in another order. */
export function scheduleOf(graph: Graph): Schedule {
  const live = liveNodes(resultsOf(graph));
  const views = viewsOf(live);
  const results = new Set(Object.values(graph.outputs).map((node) => views.of(node).source));
  const accumulations = accumulationsOf(live, results);
  const absorbed = new Set<Node>([...accumulations.values()].map(({ product }) => product));
  const computed = live.filter((node) => isComputed(node, views) && !absorbed.has(node));
  return { tasks: schedule(computed, { views, accumulations, results }), views };
}

/** Translates a graph to WebAssembly. */
export function lower(graph: Graph, options: LoweringOptions): LoweredGraph {
  const { tasks, views } = scheduleOf(graph);
  const block = argumentBlock(graph);
  const { bytes } = vectorFormats[options.precision];
  const storage = planStorage({
    graph,
    tasks,
    views,
    bytes,
    reserved: block.bytes,
    temporaryBytes: (task) => matMulTemporaryBytes(task, views, options),
    addressOf: options.addressOf,
  });
  const writer = new ProgramWriter({ graph, views, storage, bytes }, block, options);
  for (const task of tasks) writer.writeTask(task);
  writer.writeResults();
  return { ...writer.finish(), block, scratchBytes: storage.scratchBytes };
}
