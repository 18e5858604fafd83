import { withoutCustomGradients } from "../../derivatives/without-custom-gradients.js";
import { type Graph, uses } from "../../graph/graph.js";
import type { NdArray } from "../../nd-array.js";
import { sizeOf } from "../../shape.js";
import type { Precision, Program, Target, Value } from "../target.js";
import { supportsSharedMemory } from "./features.js";
import { WasmMemory } from "./memory.js";
import { ScratchArea } from "./scratch-area.js";
import { chunkedProgram } from "./threads/chunked-program.js";
import { SoloTeam } from "./threads/team.js";
import { portableModule, prepareModule } from "./threads/wasm-code.js";
import { WorkerTeam } from "./threads/worker-team.js";
import { vectorFormats } from "./vector-format.js";
import { wasmProgram } from "./wasm-program.js";
import { WasmValue } from "./wasm-value.js";

/** How to run graphs as WebAssembly. */
export interface WasmOptions {
  readonly precision: Precision;
  /**
   * Threads that compute the rows of large batches together, the calling one included. Where memory cannot be shared, as
   * in a process without SharedArrayBuffer, there is one.
   *
   * @defaultValue 1
   */
  readonly threads?: number;
}

/**
 * Graphs as generated WebAssembly with vector instructions, in single or double precision.
 *
 * Integers and booleans are stored as numbers of the precision: integers are exact up to 2^53, in single precision up to
 * 2^24. Values lie in one memory of at most 4 GiB per target.
 *
 * The rows of a batch are computed in chunks where a dependence analysis finds them independent and it pays. What they add
 * up to is summed in a fixed order: with the same number of threads, results repeat bit for bit.
 *
 * @throws RangeError when there is not a whole number of threads.
 */
export function wasmTarget({ precision, threads = 1 }: WasmOptions): Target {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`wasmTarget: threads must be a whole number of at least 1, got ${threads}`);
  }
  const isShared = threads > 1 && supportsSharedMemory();
  const memory = new WasmMemory({ shared: isShared });
  const team = isShared
    ? new WorkerTeam(memory.memory, threads, prepareModule)
    : new SoloTeam(memory.memory, prepareModule);
  const scratch = Array.from({ length: team.threads }, () => new ScratchArea(memory));
  const compile = (graph: Graph): Program => {
    // linear systems are solved by the host, where other threads cannot ask it
    const chunked = uses(graph, "linearSolve")
      ? undefined
      : chunkedProgram(graph, {
          precision,
          memory,
          scratch,
          team,
          compile: (part) => portableModule(part, precision, memory),
        });
    return chunked ?? wasmProgram(graph, { precision, memory, scratch: scratch[0] });
  };
  return {
    name: "wasm",
    precision,
    compile: (graph): Program => compile(withoutCustomGradients(graph)),
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
