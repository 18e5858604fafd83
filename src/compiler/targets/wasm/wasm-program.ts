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
  const env = { memory: memory.memory, ...hostFunctions(importedNames) };
  const { exports } = new webAssembly.Instance(module, { env });
  const call = exports.run as (scratch: number) => void;
  const shapes = Object.values(graph.outputs).map((node) => node.shape);
  const sizes = shapes.map((shape) => sizeOf(shape) * vectorFormats[precision].bytes);
  scratch.reserve(scratchBytes);
  let isDisposed = false;
  return { code, run, dispose };

  function run(values: readonly Value[], scalars: Float64Array, readout: Float64Array): Value[] {
    const results: WasmValue[] = [];
    for (let i = 0; i < shapes.length; i++) results.push(new WasmValue(shapes[i], sizes[i], memory));
    const { address } = scratch;
    const { float64, int32 } = memory; // taken now: results may have made the memory grow
    let pointer = (address + block.pointers) / 4;
    for (let i = 0; i < values.length; i++) int32[pointer++] = (values[i] as WasmValue).addressIn(memory);
    for (let i = 0; i < results.length; i++) int32[pointer++] = results[i].address;
    const numbers = (address + block.scalars) / 8;
    for (let i = 0; i < scalars.length; i++) float64[numbers + i] = scalars[i];
    call(address);
    const readouts = (address + block.readouts) / 8;
    for (let i = 0; i < readout.length; i++) readout[i] = float64[readouts + i];
    return results;
  }

  function dispose(): void {
    if (isDisposed) return;
    isDisposed = true;
    scratch.release(scratchBytes);
    compiled.release();
  }
}
