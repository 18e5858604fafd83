import type { ByteWriter } from "./byte-writer.js";
import { Encoder } from "./encoder.js";
import { type Callable, get, type Instruction, type Local, set } from "./instruction.js";
import { type ValueType, valueTypeCodes } from "./value-type.js";

/** A function under way: its signature, its locals, and its instructions in order. */
export class FunctionWriter implements Callable {
  readonly params: readonly ValueType[];
  readonly result?: ValueType;
  readonly #locals: Local[];
  readonly #body: Instruction[] = [];

  constructor(params: readonly ValueType[], result?: ValueType) {
    this.params = params;
    this.result = result;
    this.#locals = params.map((type, index) => ({ index, type }));
  }

  /** The parameter at a position. */
  parameter(position: number): Local {
    if (position in this.params) return this.#locals[position];
    throw new RangeError(`the function has ${this.params.length} parameters, found position ${position}`);
  }

  /** A new variable; it starts as 0. */
  local(type: ValueType): Local {
    const local = { index: this.#locals.length, type };
    this.#locals.push(local);
    return local;
  }

  /** Adds instructions at the end; the last of the function may leave its result. */
  emit(...instructions: readonly Instruction[]): void {
    for (const instruction of instructions) this.#body.push(instruction);
  }

  /** Computes a value once, here: a new local is set to it, and read by the instruction returned. */
  bind(type: ValueType, value: Instruction): Instruction {
    const local = this.local(type);
    this.#body.push(set(local, value));
    return get(local);
  }

  /**
   * Writes locals and instructions as a module holds them.
   *
   * @throws TypeError when an instruction leaves a value that nobody takes, or the result is of another type.
   * @internal
   */
  encode(writer: ByteWriter, indexOf: (target: Callable) => number): void {
    this.#checkStack();
    this.#encodeLocals(writer);
    const owns = (local: Local): boolean => this.#locals[local.index] === local;
    const encoder = new Encoder(writer, { indexOf, owns });
    for (const instruction of this.#body) encoder.encode(instruction);
    writer.byte(0x0b);
  }

  #checkStack(): void {
    for (const [at, { type }] of this.#body.entries()) {
      const isLast = at === this.#body.length - 1;
      if (type === undefined || (isLast && type === this.result)) continue;
      const expected = isLast && this.result ? `the result ${this.result}` : "nothing";
      throw new TypeError(`instruction ${at} of a function leaves ${type}, expected ${expected}`);
    }
  }

  /** Variables as runs of one type, since that is how they are counted. */
  #encodeLocals(writer: ByteWriter): void {
    const runs: { type: ValueType; count: number }[] = [];
    for (const { type } of this.#locals.slice(this.params.length)) {
      const last = runs[runs.length - 1];
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    writer.unsigned(runs.length);
    for (const { type, count } of runs) {
      writer.unsigned(count);
      writer.byte(valueTypeCodes[type]);
    }
  }
}
