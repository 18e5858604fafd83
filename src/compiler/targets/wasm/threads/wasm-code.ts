import type { Graph } from "../../../graph/graph.js";
import type { Precision } from "../../target.js";
import { CompiledGraph } from "../compiled-graph.js";
import type { WasmMemory } from "../memory.js";
import type { WebAssemblyModule } from "../web-assembly.js";
import { hostSources, isSelfContained } from "./host-sources.js";
import type { PortableGraph, PreparedCode, ThreadTools } from "./prepared-code.js";

/** A module, and the source of the functions that it imports, by name. */
export interface WasmCode {
  readonly module: WebAssemblyModule;
  readonly imports: Readonly<Record<string, string>>;
}

/** A graph as a module that every thread can run, if the functions that it imports need nothing but the language. */
export function portableModule(
  graph: Graph,
  precision: Precision,
  memory: WasmMemory,
): PortableGraph<WasmCode> {
  const compiled = new CompiledGraph(graph, precision, memory);
  const { block, code: bytes, importedNames, module, scratchBytes } = compiled;
  const imports = hostSources(importedNames);
  return {
    code: { module, imports },
    bytes,
    runsAnywhere: Object.values(imports).every(isSelfContained),
    block,
    scratchBytes,
    release: () => compiled.release(),
  };
}

/**
 * Makes a module ready to run on this thread.
 *
 * Workers get this function as source text: it must refer to nothing outside itself.
 */
export function prepareModule(
  { module, imports }: WasmCode,
  { memory, evaluate }: ThreadTools,
): PreparedCode {
  type Run = (scratch: number) => void;
  type Instance = new (module: object, imports: object) => { readonly exports: { readonly run: Run } };
  const { Instance } = (globalThis as unknown as { WebAssembly: { Instance: Instance } }).WebAssembly;
  const functions = Object.entries(imports).map(([name, source]) => [name, evaluate(source)]);
  const env = { memory, ...Object.fromEntries(functions) };
  return { run: new Instance(module, { env }).exports.run, release: () => {} };
}
