import { get, type Instruction, set } from "../../assembler/instruction.js";
import { repeat } from "../../assembler/repeat.js";
import type { TaskCode } from "../task-code.js";
import { storeLanes } from "./vector-access.js";

/** Gives every element of an array the same number. */
export function fillCode(
  code: TaskCode,
  base: Instruction,
  offset: number,
  size: number,
  value: number,
): Instruction[] {
  const { format } = code.settings;
  const { lanes } = format;
  const filling = code.splat(value);
  const pointer = code.local("i32");
  const vectors = Math.floor(size / lanes);
  const at = (count: number): Instruction[] =>
    storeLanes(format, { address: { pointer: get(pointer), offset }, stride: 1, first: 0, count }, filling);
  const result = [set(pointer, base)];
  if (vectors > 0) {
    result.push(...repeat(code, vectors, [[pointer, 16]], at(lanes)));
  }
  return size % lanes > 0 ? [...result, ...at(size % lanes)] : result;
}
