import type { Precision } from "../../target.js";
import { get, type Instruction, type Local, set, vectorConstant } from "../assembler/instruction.js";
import type { ModuleWriter } from "../assembler/module-writer.js";
import type { ValueType } from "../assembler/value-type.js";
import type { VectorContext } from "../vector-context.js";
import type { VectorFormat } from "../vector-format.js";
import type { Locals } from "./locals.js";

/** What all code of a program shares. */
export interface CodeSettings {
  readonly module: ModuleWriter;
  readonly locals: Locals;
  readonly precision: Precision;
  readonly format: VectorFormat;
  readonly fusedMultiplyAdd: boolean;
  readonly registerBits: 128 | 256;
}

/** The code of one task: constants that are made once, then instructions, in lists that may be bodies of loops. */
export class TaskCode {
  /** Vectors that do not change while the task runs. */
  readonly prologue: Instruction[] = [];
  private readonly constants = new Map<string, Instruction>();

  constructor(readonly settings: CodeSettings) {}

  /** Writes vector code at the end of a list of instructions. */
  at(list: Instruction[], format = this.settings.format): VectorContext {
    const { fusedMultiplyAdd, locals, module } = this.settings;
    return {
      format,
      fusedMultiplyAdd,
      bind: (value) => this.bind(list, value),
      splat: (value) => this.splat(value, format),
      splatBits: (bits) => this.splatBits(bits, format),
      local: (type) => locals.take(type),
      emit: (...instructions) => {
        for (const instruction of instructions) list.push(instruction);
      },
      importFunction: (name, params, result) => module.importFunction(name, params, result),
      inFormat: (other) => this.at(list, other),
    };
  }

  /** A new variable of the task. */
  local(type: ValueType): Local {
    return this.settings.locals.take(type);
  }

  /** Computes a value at the end of a list, and gives its name. */
  bind(list: Instruction[], value: Instruction): Instruction {
    if (value.kind === "local" && value.access === "get") return value;
    const local = this.local(value.type as ValueType);
    list.push(set(local, value));
    return get(local);
  }

  /** The number in every lane. */
  splat(value: number, { bytes } = this.settings.format): Instruction {
    const text = Object.is(value, -0) ? "-0" : `${value}`;
    return this.constant(`${bytes}|${text}`, () => {
      const lanes = bytes === 8 ? new Float64Array(2) : new Float32Array(4);
      return new Uint8Array(lanes.fill(value).buffer);
    });
  }

  /** The bits in every lane. */
  splatBits(bits: bigint, { bytes } = this.settings.format): Instruction {
    return this.constant(`${bytes}|bits ${bits}`, () => {
      const lanes =
        bytes === 8
          ? new BigUint64Array(2).fill(BigInt.asUintN(64, bits))
          : new Uint32Array(4).fill(Number(BigInt.asUintN(32, bits)));
      return new Uint8Array(lanes.buffer);
    });
  }

  /** A vector whose first lanes are all ones, and the others zero. */
  laneMask(lanes: number): Instruction {
    const { bytes } = this.settings.format;
    const content = (): Uint8Array =>
      Uint8Array.from({ length: 16 }, (_, at) => (at < lanes * bytes ? 255 : 0));
    return this.constant(`mask ${lanes}`, content);
  }

  private constant(key: string, content: () => Uint8Array): Instruction {
    const known = this.constants.get(key) ?? this.bind(this.prologue, vectorConstant(content()));
    this.constants.set(key, known);
    return known;
  }
}
