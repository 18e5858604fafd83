import type { FunctionWriter } from "../assembler/function-writer.js";
import type { Local } from "../assembler/instruction.js";
import type { ValueType } from "../assembler/value-type.js";

/** Variables of a function that are used again task by task: engines compile functions of few variables faster. */
export class Locals {
  private readonly all = new Map<ValueType, Local[]>();
  private readonly taken = new Map<ValueType, number>();

  constructor(private readonly f: FunctionWriter) {}

  /** A variable until the next `releaseAll`. */
  take(type: ValueType): Local {
    const locals = this.all.get(type) ?? [];
    const next = this.taken.get(type) ?? 0;
    this.all.set(type, locals);
    this.taken.set(type, next + 1);
    locals[next] ??= this.f.local(type);
    return locals[next];
  }

  /** Ends the use of every variable taken. */
  releaseAll(): void {
    this.taken.clear();
  }
}
