import type { Graph } from "../../graph/graph.js";
import type { Node } from "../../graph/node.js";
import { constantData } from "../../operations/constants.js";
import type { Precision } from "../target.js";
import type { ArgumentBlock } from "./argument-block.js";
import { registerBits, supportsFusedMultiplyAdd } from "./features.js";
import { lower } from "./lowering/lower.js";
import type { WasmMemory } from "./memory.js";
import { vectorFormats } from "./vector-format.js";
import { type WebAssemblyModule, webAssembly } from "./web-assembly.js";

/** A graph as a module; its constants lie in the memory for as long as it is not released. */
export class CompiledGraph {
  /** The bytes of the module. */
  readonly code: Uint8Array;
  readonly module: WebAssemblyModule;
  /** Functions that the host has to give. */
  readonly importedNames: readonly string[];
  readonly block: ArgumentBlock;
  readonly scratchBytes: number;
  private readonly constants: { readonly address: number; readonly bytes: number }[] = [];

  constructor(
    graph: Graph,
    private readonly precision: Precision,
    private readonly memory: WasmMemory,
  ) {
    const lowered = lower(graph, {
      precision,
      sharedMemory: memory.isShared,
      fusedMultiplyAdd: supportsFusedMultiplyAdd(),
      registerBits: registerBits(),
      addressOf: (constant) => this.keep(constant),
    });
    this.code = lowered.bytes;
    this.module = new webAssembly.Module(lowered.bytes);
    this.importedNames = lowered.importedNames;
    this.block = lowered.block;
    this.scratchBytes = lowered.scratchBytes;
  }

  /** Gives back the memory of the constants. */
  release(): void {
    for (const { address, bytes } of this.constants.splice(0)) this.memory.release(address, bytes);
  }

  /** Copies a constant into the memory; gives its address. */
  private keep(constant: Node): number {
    const data = constantData(constant);
    const bytes = data.length * vectorFormats[this.precision].bytes;
    const address = this.memory.allocate(bytes);
    this.constants.push({ address, bytes });
    this.memory.write(this.precision, address, data);
    return address;
  }
}
