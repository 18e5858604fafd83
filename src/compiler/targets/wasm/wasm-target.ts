import { withoutCustomGradients } from "../../derivatives/without-custom-gradients.js";
import type { NdArray } from "../../nd-array.js";
import { sizeOf } from "../../shape.js";
import type { Precision, Program, Target, Value } from "../target.js";
import { WasmMemory } from "./memory.js";
import { ScratchArea } from "./scratch-area.js";
import { vectorFormats } from "./vector-format.js";
import { wasmProgram } from "./wasm-program.js";
import { WasmValue } from "./wasm-value.js";

/** How to run graphs as WebAssembly. */
export interface WasmOptions {
  readonly precision: Precision;
}

/**
 * Graphs as generated WebAssembly with vector instructions, in single or double precision.
 *
 * Integers and booleans are stored as numbers of the precision: integers are exact up to 2^53, in single precision up to
 * 2^24. Values lie in one memory of at most 4 GiB per target.
 */
export function wasmTarget({ precision }: WasmOptions): Target {
  const memory = new WasmMemory({ shared: false });
  const scratch = new ScratchArea(memory);
  return {
    name: "wasm",
    precision,
    compile: (graph): Program => wasmProgram(withoutCustomGradients(graph), { precision, memory, scratch }),
    put: ({ shape, data }: NdArray): Value => {
      const value = new WasmValue(shape, data.length * vectorFormats[precision].bytes, memory);
      memory.write(precision, value.address, data);
      return value;
    },
    get: (value: Value): NdArray => {
      const address = (value as WasmValue).addressIn(memory);
      return { shape: value.shape, data: memory.read(precision, address, sizeOf(value.shape)) };
    },
    free: (value: Value): void => (value as WasmValue).free(),
  };
}
