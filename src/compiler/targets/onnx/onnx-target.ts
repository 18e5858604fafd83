import { withoutCustomGradients } from "../../derivatives/without-custom-gradients.js";
import type { Graph } from "../../graph/graph.js";
import type { NdArray } from "../../nd-array.js";
import { sizeOf } from "../../shape.js";
import { availableThreads } from "../available-threads.js";
import type { Precision, Program, Target, Value } from "../target.js";
import { supportsSharedMemory } from "../wasm/features.js";
import { WasmMemory } from "../wasm/memory.js";
import { ScratchArea } from "../wasm/scratch-area.js";
import { chunkedProgram, wholeProgram } from "../wasm/threads/chunked-program.js";
import { type PortionLimits, portionLimits } from "../wasm/threads/portions.js";
import { SoloTeam } from "../wasm/threads/team.js";
import { WorkerTeam } from "../wasm/threads/worker-team.js";
import { vectorFormats } from "../wasm/vector-format.js";
import { WasmValue } from "../wasm/wasm-value.js";
import { portableModel, prepareModel } from "./onnx-code.js";

/** Options of the onnx target. */
export interface OnnxOptions {
  readonly precision: Precision;
  /** Threads per program. @defaultValue the number of processors, at most 8 */
  readonly threads?: number;
}

/**
 * How batches are cut for onnxruntime: only those that are some milliseconds of work, since each run of a model costs a
 * tenth of one, and its results are copied. Measured on x86 with the step of a neural ODE on 512 images: 128 rows took 3 %
 * less time than 256, and 14 % less than 64.
 */
const limits: PortionLimits = {
  ...portionLimits,
  chunkLengths: [128],
  cacheBytes: Number.POSITIVE_INFINITY,
  leastWork: 100_000_000,
};

/**
 * Programs run by onnxruntime on the processor, synchronously: for large matrix products.
 *
 * The rows of a batch are computed in chunks, on all threads, where a dependence analysis finds them independent and it
 * pays; else onnxruntime divides each operator among its threads. Values lie in one memory of at most 4 GiB per target.
 */
export function onnxTarget({ precision, threads = availableThreads() }: OnnxOptions): Target {
  const isShared = threads > 1 && supportsSharedMemory();
  const memory = new WasmMemory({ shared: isShared });
  const team = isShared
    ? new WorkerTeam(memory.memory, threads, prepareModel)
    : new SoloTeam(memory.memory, prepareModel);
  const scratch = Array.from({ length: team.threads }, () => new ScratchArea(memory));
  const around = (own: number) => ({
    precision,
    memory,
    scratch,
    team,
    compile: (part: Graph) => portableModel(part, precision, own),
  });
  const compile = (graph: Graph): Program =>
    chunkedProgram(graph, around(1), limits) ?? wholeProgram(graph, around(threads));
  return {
    name: "onnx",
    precision,
    compile: (graph) => compile(withoutCustomGradients(graph)),
    put: ({ shape, data }: NdArray): Value => {
      const value = new WasmValue(shape, data.length * vectorFormats[precision].bytes, memory);
      memory.write(precision, value.address, data);
      return value;
    },
    get: (value: Value): NdArray => {
      const address = (value as WasmValue).addressIn(memory);
      return { shape: value.shape, data: memory.read(precision, address, sizeOf(value.shape)) };
    },
    getInto: (value: Value, data: NdArray["data"], place: number): void => {
      const address = (value as WasmValue).addressIn(memory);
      data.set(memory.view(precision, address, sizeOf(value.shape)), place);
    },
    free: (value: Value): void => (value as WasmValue).free(),
  };
}
