import {
  branchIf,
  constant,
  get,
  type Instruction,
  type Local,
  loop,
  operation,
  set,
  tee,
} from "../../assembler/instruction.js";

/** Runs a body a known number of times, at least once. */
export function repeated(counter: Local, times: number, body: readonly Instruction[]): Instruction[] {
  if (times === 1) return [...body];
  const label = {};
  const decremented = tee(counter, operation("i32.sub", get(counter), constant("i32", 1)));
  return [set(counter, constant("i32", times)), loop(label, [...body, branchIf(label, decremented)])];
}
