import type { Graph } from "../../graph/graph.js";
import { sizeOf } from "../../shape.js";
import type { Precision, Program, Value } from "../target.js";
import { CompiledGraph } from "./compiled-graph.js";
import { hostFunctions } from "./host-functions.js";
import type { WasmMemory } from "./memory.js";
import type { ScratchArea } from "./scratch-area.js";
import { vectorFormats } from "./vector-format.js";
import { WasmValue } from "./wasm-value.js";
import { webAssembly } from "./web-assembly.js";

/** What the programs of a target share. */
export interface ProgramSurroundings {
  readonly precision: Precision;
  readonly memory: WasmMemory;
  readonly scratch: ScratchArea;
}

/** A graph as a WebAssembly function that computes in the target's memory. */
export function wasmProgram(graph: Graph, around: ProgramSurroundings): Program {
  const { memory, precision, scratch } = around;
  const compiled = new CompiledGraph(graph, precision, memory);
  const { code, module, importedNames, block, scratchBytes } = compiled;
  const env = { memory: memory.memory, ...hostFunctions(importedNames, memory, precision) };
  const { exports } = new webAssembly.Instance(module, { env });
  const call = exports.run as (scratch: number) => void;
  const shapes = Object.values(graph.outputs).map((node) => node.shape);
  const sizes = shapes.map((shape) => sizeOf(shape) * vectorFormats[precision].bytes);
  scratch.reserve(scratchBytes);
  let isDisposed = false;
  return { code, run, runInto, dispose };

  function run(values: readonly Value[], scalars: Float64Array, readout: Float64Array): Value[] {
    const results: WasmValue[] = new Array(shapes.length);
    let made = 0;
    try {
      for (; made < results.length; made++) results[made] = new WasmValue(shapes[made], sizes[made], memory);
      runInto(results, values, scalars, readout);
    } catch (error) {
      for (let i = 0; i < made; i++) results[i].free();
      throw error;
    }
    return results;
  }

  function runInto(
    results: readonly Value[],
    values: readonly Value[],
    scalars: Float64Array,
    readout: Float64Array,
  ): void {
    const { address } = scratch;
    let pointer = (address + block.pointers) / 4;
    for (const value of values) memory.int32[pointer++] = (value as WasmValue).addressIn(memory);
    for (const result of results) memory.int32[pointer++] = (result as WasmValue).addressIn(memory);
    const numbers = (address + block.scalars) / 8;
    for (let i = 0; i < scalars.length; i++) memory.float64[numbers + i] = scalars[i];
    call(address);
    const readouts = (address + block.readouts) / 8;
    for (let i = 0; i < readout.length; i++) readout[i] = memory.float64[readouts + i];
  }

  function dispose(): void {
    if (isDisposed) return;
    isDisposed = true;
    scratch.release(scratchBytes);
    compiled.release();
  }
}
