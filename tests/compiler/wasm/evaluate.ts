import { FunctionWriter } from "../../../src/compiler/targets/wasm/assembler/function-writer.js";
import type { Instruction } from "../../../src/compiler/targets/wasm/assembler/instruction.js";
import { ModuleWriter } from "../../../src/compiler/targets/wasm/assembler/module-writer.js";
import { webAssembly } from "../../../src/compiler/targets/wasm/web-assembly.js";

/** A function of a module, as JavaScript sees it. */
export type Exported = (...parameters: (number | bigint)[]) => number | bigint | undefined;

/** A module on a memory of its own. */
export function unsharedModule(): ModuleWriter {
  return new ModuleWriter({ memory: { shared: false } });
}

/** A function ready to be called, and the memory it works on. */
export function instantiate(
  f: FunctionWriter,
  imports: Readonly<Record<string, unknown>> = {},
  module = unsharedModule(),
): { run: Exported; memory: DataView } {
  module.define(f, "f");
  const memory = new webAssembly.Memory({ initial: 1 });
  const compiled = new webAssembly.Module(module.bytes());
  const { exports } = new webAssembly.Instance(compiled, { env: { memory, ...imports } });
  return { run: exports.f as Exported, memory: new DataView(memory.buffer) };
}

/** The value of an instruction that needs nothing. */
export function evaluate(instruction: Instruction): unknown {
  const f = new FunctionWriter([], instruction.type);
  f.emit(instruction);
  return instantiate(f).run();
}
