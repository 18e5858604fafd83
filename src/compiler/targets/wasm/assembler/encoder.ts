import type { ByteWriter } from "./byte-writer.js";
import type { Callable, Instruction, Label, Local } from "./instruction.js";

const localAccessCodes = { get: 0x20, set: 0x21, tee: 0x22 } as const;
const noResult = 0x40; // block type: leaves no value
const end = 0x0b;
const vectorConstantCode = { prefix: 0xfd, code: 12 };
const shuffleCode = { prefix: 0xfd, code: 13 };

/** What instructions refer to. */
interface Surroundings {
  /** Position of a function in its module. */
  indexOf(target: Callable): number;
  /** Whether a local belongs to the function being written. */
  owns(local: Local): boolean;
}

/** Writes the instructions of one function. */
export class Encoder {
  readonly #writer: ByteWriter;
  readonly #surroundings: Surroundings;
  /** Labels of what encloses the instruction being written, outermost first; undefined for a branch of a `when`. */
  readonly #labels: (Label | undefined)[] = [];

  constructor(writer: ByteWriter, surroundings: Surroundings) {
    this.#writer = writer;
    this.#surroundings = surroundings;
  }

  /** Writes an instruction after its operands. */
  encode(instruction: Instruction): void {
    switch (instruction.kind) {
      case "operation":
        this.#all(instruction.operands);
        this.#code(instruction.code);
        break;
      case "memory":
        this.#memory(instruction);
        break;
      case "lane":
        this.#all(instruction.operands);
        this.#code(instruction.code);
        this.#writer.byte(instruction.lane);
        break;
      case "shuffle":
        this.#all(instruction.operands);
        this.#code(shuffleCode);
        this.#writer.bytes(instruction.lanes);
        break;
      case "local":
        this.#local(instruction);
        break;
      case "constant":
        this.#constant(instruction);
        break;
      case "body":
        this.#writer.byte(instruction.repeats ? 0x03 : 0x02);
        this.#body(instruction.label, instruction.body);
        this.#writer.byte(end);
        break;
      case "branch":
        if (instruction.condition) this.encode(instruction.condition);
        this.#writer.byte(instruction.condition ? 0x0d : 0x0c);
        this.#writer.unsigned(this.#depthOf(instruction.label));
        break;
      case "when":
        this.#when(instruction);
        break;
      case "call":
        this.#all(instruction.operands);
        this.#writer.byte(0x10);
        this.#writer.unsigned(this.#surroundings.indexOf(instruction.target));
        break;
    }
  }

  #all(instructions: readonly Instruction[]): void {
    for (const instruction of instructions) this.encode(instruction);
  }

  #code({ prefix, code }: { prefix?: number; code: number }): void {
    if (prefix === undefined) {
      this.#writer.byte(code);
    } else {
      this.#writer.byte(prefix);
      this.#writer.unsigned(code);
    }
  }

  #memory({ code, alignment, offset, lane, operands }: Extract<Instruction, { kind: "memory" }>): void {
    this.#all(operands);
    this.#code(code);
    this.#writer.unsigned(alignment);
    this.#writer.unsigned(offset);
    if (lane !== undefined) this.#writer.byte(lane);
  }

  #local({ access, local, value }: Extract<Instruction, { kind: "local" }>): void {
    if (!this.#surroundings.owns(local)) {
      throw new Error(
        `local ${local.index} (${local.type}) belongs to another function; use this function's own`,
      );
    }
    if (value) this.encode(value);
    this.#writer.byte(localAccessCodes[access]);
    this.#writer.unsigned(local.index);
  }

  #constant({ type, value }: Extract<Instruction, { kind: "constant" }>): void {
    const writer = this.#writer;
    if (value instanceof Uint8Array) {
      this.#code(vectorConstantCode);
      writer.bytes(value);
    } else if (typeof value === "bigint") {
      writer.byte(0x42);
      writer.signed64(value);
    } else if (type === "i32") {
      writer.byte(0x41);
      writer.signed32(value);
    } else if (type === "f32") {
      writer.byte(0x43);
      writer.float32(value);
    } else {
      writer.byte(0x44);
      writer.float64(value);
    }
  }

  #when({ condition, then, otherwise }: Extract<Instruction, { kind: "when" }>): void {
    this.encode(condition);
    this.#writer.byte(0x04);
    this.#body(undefined, then);
    if (otherwise.length > 0) {
      this.#writer.byte(0x05);
      this.#instructionsUnder(undefined, otherwise);
    }
    this.#writer.byte(end);
  }

  #body(label: Label | undefined, body: readonly Instruction[]): void {
    this.#writer.byte(noResult);
    this.#instructionsUnder(label, body);
  }

  #instructionsUnder(label: Label | undefined, body: readonly Instruction[]): void {
    this.#labels.push(label);
    this.#all(body);
    this.#labels.pop();
  }

  /** How many enclosing bodies a branch to the label leaves; the innermost of equal labels is meant. */
  #depthOf(label: Label): number {
    const at = this.#labels.lastIndexOf(label);
    if (at >= 0) return this.#labels.length - 1 - at;
    const name = typeof label === "string" ? `"${label}"` : "of a branch";
    throw new Error(`no block or loop with the label ${name} encloses the branch to it`);
  }
}
