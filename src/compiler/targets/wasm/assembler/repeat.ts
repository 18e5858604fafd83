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
} from "./instruction.js";

/** A pointer and the bytes by which it moves. */
export type Move = readonly [pointer: Local, bytes: number];

/** Where a loop takes new variables from. */
interface Variables {
  local(type: "i32"): Local;
}

/**
 * The body so many times, each time followed by the moves. The loop ends where its first pointer does: a counter
 * beside it costs 1 to 2 % of the innermost loop.
 */
export function repeat(
  variables: Variables,
  count: number,
  moves: readonly Move[],
  body: readonly Instruction[],
): Instruction[] {
  if (count === 0) return [];
  if (count === 1) return [...body, ...moves.flatMap(moved)];
  const moving = moves.filter(([, bytes]) => bytes !== 0);
  const [[pointer, bytes], ...others] = moving.length > 0 ? moving : [[variables.local("i32"), 1] as const];
  const end = variables.local("i32");
  const label = {};
  const goesOn = operation("i32.ne", tee(pointer, movedBy(pointer, bytes)), get(end));
  return [
    set(end, movedBy(pointer, count * bytes)),
    loop(label, [...body, ...others.flatMap(moved), branchIf(label, goesOn)]),
  ];
}

/** Moves a pointer once. */
export function moved([pointer, bytes]: Move): Instruction[] {
  return bytes === 0 ? [] : [set(pointer, movedBy(pointer, bytes))];
}

function movedBy(pointer: Local, bytes: number): Instruction {
  return operation("i32.add", get(pointer), constant("i32", bytes));
}
