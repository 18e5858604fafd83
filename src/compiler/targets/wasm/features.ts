import { setFlagsFromString } from "node:v8";
import { FunctionWriter } from "./assembler/function-writer.js";
import { get, operation } from "./assembler/instruction.js";
import { ModuleWriter } from "./assembler/module-writer.js";
import { webAssembly } from "./web-assembly.js";

let fusedMultiplyAdd: boolean | undefined;

/**
 * Whether the engine accepts the relaxed SIMD instructions, by which a product is added without being rounded first
 * (on processors that can). Node has them from version 22 on; asked once, then remembered.
 */
export function supportsFusedMultiplyAdd(): boolean {
  fusedMultiplyAdd ??= webAssembly.validate(moduleWithRelaxedInstruction());
  return fusedMultiplyAdd;
}

function moduleWithRelaxedInstruction(): Uint8Array {
  const f = new FunctionWriter(["v128"], "v128");
  const x = get(f.parameter(0));
  f.emit(operation("f32x4.relaxed_madd", x, x, x));
  const module = new ModuleWriter({ memory: { shared: false } });
  module.define(f);
  return module.bytes();
}

/** Whether threads can share a memory. */
export function supportsSharedMemory(): boolean {
  const emptyModule = new ModuleWriter({ memory: { shared: true } }).bytes();
  return typeof SharedArrayBuffer !== "undefined" && webAssembly.validate(emptyModule);
}

/** First version of Node whose V8 pairs vector instructions well. */
const firstNodeWithWideVectors = 24;

/**
 * Asks V8 to compute two vectors of 128 bits as one of 256 where the processor has AVX2: up to twice as fast in matrix
 * products.
 *
 * Experimental: V8 does not promise this flag, and setting flags after its start is at one's own risk. It holds for
 * modules compiled later, in every thread of the process, and cannot be taken back. Only vectors of one turn of a loop are
 * paired. V8 13.6 computes f64x2.neg wrong so, whence programs do without it.
 *
 * @returns whether it had effect: false before Node 24.
 */
export function useWideVectors(): boolean {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < firstNodeWithWideVectors) return false;
  setFlagsFromString("--experimental-wasm-revectorize");
  areVectorsWide = true;
  return true;
}

let areVectorsWide = false;

/** Width of the registers in which the engine computes: programs compiled from now on are written for it. */
export function registerBits(): 128 | 256 {
  return areVectorsWide ? 256 : 128;
}
