import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Graph } from "../../graph/graph.js";
import type { Node } from "../../graph/node.js";
import { type Shape, sizeOf } from "../../shape.js";
import type { Precision } from "../target.js";
import { argumentBlock } from "../wasm/argument-block.js";
import type { PortableGraph, PreparedCode, ThreadTools } from "../wasm/threads/prepared-code.js";
import { inputName, lower, resultName } from "./lowering.js";

/** A tensor of a model that is read from memory, or written there. */
interface Slot {
  readonly name: string;
  readonly shape: Shape;
  readonly size: number;
}

/** A model, and how it is run on an argument block. */
export interface OnnxCode {
  readonly model: Uint8Array;
  readonly precision: Precision;
  readonly options: InferenceSession.SessionOptions;
  /** In the block's order; undefined for what the model does not read. */
  readonly inputs: readonly (Slot | undefined)[];
  readonly scalars: readonly (Slot | undefined)[];
  readonly outputs: readonly Slot[];
  readonly readouts: readonly Slot[];
  /** Bytes from the start of the scratch area. */
  readonly scalarsAt: number;
  readonly pointersAt: number;
  /** Files of onnxruntime-node: its entry, and its binding. */
  readonly entry: string;
  readonly binding: string;
}

/** A graph as a model that every thread can run; `threads` of onnxruntime's own work on one operator at a time. */
export function portableModel(graph: Graph, precision: Precision, threads: number): PortableGraph<OnnxCode> {
  const { bytes, inputs } = lower(graph, precision);
  const block = argumentBlock(graph);
  const read = (node: { readonly name: string; readonly shape: Shape }): Slot | undefined =>
    inputs.has(node.name) ? slotOf(inputName(node.name), node.shape) : undefined;
  const written = (nodes: Readonly<Record<string, Node>>): Slot[] =>
    Object.entries(nodes).map(([name, { shape }]) => slotOf(resultName(name), shape));
  const code: OnnxCode = {
    model: bytes,
    precision,
    options: sessionOptions(threads),
    inputs: graph.inputs.map(read),
    scalars: graph.scalars.map(read),
    outputs: written(graph.outputs),
    readouts: written(graph.readouts),
    scalarsAt: block.scalars,
    pointersAt: block.pointers,
    ...runtimeFiles(),
  };
  return { code, bytes, runsAnywhere: true, block, scratchBytes: block.bytes, release: () => {} };
}

function slotOf(name: string, shape: Shape): Slot {
  return { name, shape, size: sizeOf(shape) };
}

function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    enableMemPattern: true,
    // threads of several sessions that wait by spinning take each other's cores: spin only while a program runs
    extra: { session: { intra_op: { allow_spinning: threads > 1 ? "1" : "0" }, force_spinning_stop: "1" } },
  };
}

function runtimeFiles(): Pick<OnnxCode, "entry" | "binding"> {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  return { entry, binding: join(dirname(entry), "binding.js") };
}

/** What is used of onnxruntime-node's entry and of its binding. */
type Entry = Pick<typeof import("onnxruntime-node"), "Tensor">;
interface Binding {
  readonly binding: { readonly InferenceSession: new () => NativeSession };
  initOrt(): void;
}

/** The session behind the public interface's promises: a solver's loop cannot wait for one at every step. */
interface NativeSession {
  loadModel(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
    options: InferenceSession.SessionOptions,
  ): void;
  run(feeds: Record<string, Tensor>, fetches: Record<string, null>, options: object): Record<string, Tensor>;
  dispose(): void;
}

/**
 * Makes a model ready to run on this thread. What it reads is copied out of memory and what it writes into memory: the
 * runtime takes no shared memory before Node 22, and gives its results in memory of its own.
 *
 * Workers get this function as source text: it must refer to nothing outside itself.
 */
export function prepareModel(code: OnnxCode, { memory, load }: ThreadTools): PreparedCode {
  const { precision, inputs, scalars, outputs, readouts, scalarsAt, pointersAt } = code;
  const { Tensor } = load(code.entry) as Entry;
  const { binding, initOrt } = load(code.binding) as Binding;
  initOrt();
  const session = new binding.InferenceSession();
  session.loadModel(code.model.buffer, code.model.byteOffset, code.model.byteLength, code.options);
  const ArrayType = precision === "float64" ? Float64Array : Float32Array;
  const bytes = ArrayType.BYTES_PER_ELEMENT;
  let numbers = new ArrayType(memory.buffer as ArrayBuffer);
  const arrayAt = (address: number, size: number): Float64Array | Float32Array => {
    const start = address / bytes;
    // that another thread has made the memory grow is not seen at once
    while (numbers.length < start + size) numbers = new ArrayType(memory.buffer as ArrayBuffer);
    return numbers.subarray(start, start + size);
  };
  const feeds: Record<string, Tensor> = {};
  const feedOf = (slot: Slot | undefined): Float64Array | Float32Array | undefined => {
    if (!slot) return undefined;
    const data = new ArrayType(slot.size);
    feeds[slot.name] = new Tensor(precision, data, [...slot.shape]);
    return data;
  };
  const arrays = inputs.map(feedOf);
  const single = scalars.map(feedOf);
  const fetches = Object.fromEntries([...outputs, ...readouts].map(({ name }) => [name, null]));
  const run = (scratch: number): void => {
    const pointers = new Uint32Array(memory.buffer, scratch + pointersAt, inputs.length + outputs.length);
    const values = new Float64Array(memory.buffer, scratch + scalarsAt, scalars.length);
    arrays.forEach((data, i) => {
      data?.set(arrayAt(pointers[i], data.length));
    });
    single.forEach((data, i) => {
      data?.fill(values[i]);
    });
    const results = session.run(feeds, fetches, {});
    outputs.forEach(({ name, size }, i) => {
      arrayAt(pointers[inputs.length + i], size).set(results[name].data as Float64Array);
    });
    const readout = new Float64Array(memory.buffer, scratch, readouts.length);
    readouts.forEach(({ name }, i) => {
      readout[i] = Number(results[name].data[0]);
    });
  };
  return { run, release: () => session.dispose() };
}
