import type { FunctionWriter } from "../../../src/compiler/targets/wasm/assembler/function-writer.js";
import {
  get,
  type Instruction,
  type Local,
  set,
  vectorConstant,
} from "../../../src/compiler/targets/wasm/assembler/instruction.js";
import type {
  ImportedFunction,
  ModuleWriter,
} from "../../../src/compiler/targets/wasm/assembler/module-writer.js";
import type { ValueType } from "../../../src/compiler/targets/wasm/assembler/value-type.js";
import type { VectorContext } from "../../../src/compiler/targets/wasm/vector-context.js";
import type { VectorFormat } from "../../../src/compiler/targets/wasm/vector-format.js";

/** Vector code of one function: what is the same in every format. */
interface Surroundings {
  readonly f: FunctionWriter;
  readonly module: ModuleWriter;
  readonly fusedMultiplyAdd: boolean;
  /** Constants by their bytes. */
  readonly constants: Map<string, Local>;
  readonly prologue: Instruction[];
  /** Where instructions go at present: the body of a loop, for one. */
  body: Instruction[];
}

/** A vector context in a function under way. Whoever makes it emits `prologue` at the start of the function. */
export class FunctionVectorContext implements VectorContext {
  readonly format: VectorFormat;
  readonly #surroundings: Surroundings;

  private constructor(format: VectorFormat, surroundings: Surroundings) {
    this.format = format;
    this.#surroundings = surroundings;
  }

  /** A context for a function of a module; nothing is emitted to the function by itself. */
  static of(
    f: FunctionWriter,
    module: ModuleWriter,
    { format, fusedMultiplyAdd }: { format: VectorFormat; fusedMultiplyAdd: boolean },
  ): FunctionVectorContext {
    const constants = new Map<string, Local>();
    return new FunctionVectorContext(format, {
      f,
      module,
      fusedMultiplyAdd,
      constants,
      prologue: [],
      body: [],
    });
  }

  get fusedMultiplyAdd(): boolean {
    return this.#surroundings.fusedMultiplyAdd;
  }

  /** What makes the constants, for the start of the function, before everything that was collected. */
  get prologue(): readonly Instruction[] {
    return this.#surroundings.prologue;
  }

  /** The instructions that `write` emits by this context, in whatever format: a loop's body, for one. */
  collect(write: () => void): readonly Instruction[] {
    const outside = this.#surroundings.body;
    const inside: Instruction[] = [];
    this.#surroundings.body = inside;
    try {
      write();
    } finally {
      this.#surroundings.body = outside;
    }
    return inside;
  }

  bind(value: Instruction): Instruction {
    const isNamed = value.kind === "local" && value.access === "get";
    if (isNamed) return value;
    const local = this.local("v128");
    this.emit(set(local, value));
    return get(local);
  }

  splat(value: number): Instruction {
    const { scalar, lanes } = this.format;
    const numbers = scalar === "f32" ? new Float32Array(lanes) : new Float64Array(lanes);
    return this.#constant(new Uint8Array(numbers.fill(value).buffer));
  }

  splatBits(bits: bigint): Instruction {
    const { scalar, lanes } = this.format;
    const bytes =
      scalar === "f32"
        ? new Uint32Array(lanes).fill(Number(BigInt.asUintN(32, bits)))
        : new BigUint64Array(lanes).fill(BigInt.asUintN(64, bits));
    return this.#constant(new Uint8Array(bytes.buffer));
  }

  local(type: ValueType): Local {
    return this.#surroundings.f.local(type);
  }

  emit(...instructions: readonly Instruction[]): void {
    this.#surroundings.body.push(...instructions);
  }

  importFunction(name: string, params: readonly ValueType[], result: ValueType): ImportedFunction {
    return this.#surroundings.module.importFunction(name, params, result);
  }

  inFormat(format: VectorFormat): FunctionVectorContext {
    return new FunctionVectorContext(format, this.#surroundings);
  }

  #constant(bytes: Uint8Array): Instruction {
    const { constants, prologue } = this.#surroundings;
    const key = bytes.join(" ");
    let local = constants.get(key);
    if (!local) {
      local = this.local("v128");
      constants.set(key, local);
      prologue.push(set(local, vectorConstant(bytes)));
    }
    return get(local);
  }
}
