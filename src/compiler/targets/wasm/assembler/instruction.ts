import {
  type ExtractLaneName,
  type LaneStoreName,
  type LoadName,
  laneAccesses,
  laneStores,
  loads,
  type ReplaceLaneName,
  type StoreName,
  stores,
} from "./memory-accesses.js";
import { type OperationName, operationSignatures, type Signature } from "./operations.js";
import type { ValueType } from "./value-type.js";

/** A variable or parameter of a function. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** What a branch goes to: the end of the `block` or the start of the `loop` with this label. */
export type Label = string | object;

/** Something that can be called. */
export interface Callable {
  readonly params: readonly ValueType[];
  readonly result?: ValueType;
}

/**
 * An instruction with its operands. The tree is written operands first; a tree that stands in two places is computed
 * twice, so a value needed again is bound to a local.
 */
export type Instruction = {
  /** Type of the value that it leaves; undefined where it leaves none. */
  readonly type: ValueType | undefined;
} & InstructionForm;

type InstructionForm =
  | { readonly kind: "operation"; readonly code: Code; readonly operands: readonly Instruction[] }
  | {
      readonly kind: "memory";
      readonly code: Code;
      readonly alignment: number;
      readonly offset: number;
      readonly lane: number | undefined;
      readonly operands: readonly Instruction[];
    }
  | {
      readonly kind: "lane";
      readonly code: Code;
      readonly lane: number;
      readonly operands: readonly Instruction[];
    }
  | { readonly kind: "shuffle"; readonly lanes: Uint8Array; readonly operands: readonly Instruction[] }
  | {
      readonly kind: "local";
      readonly access: LocalAccess;
      readonly local: Local;
      readonly value: Instruction | undefined;
    }
  | { readonly kind: "constant"; readonly value: number | bigint | Uint8Array }
  | { readonly kind: "body"; readonly repeats: boolean; readonly label: Label; readonly body: Body }
  | { readonly kind: "branch"; readonly label: Label; readonly condition: Instruction | undefined }
  | { readonly kind: "when"; readonly condition: Instruction; readonly then: Body; readonly otherwise: Body }
  | { readonly kind: "call"; readonly target: Callable; readonly operands: readonly Instruction[] };

type Code = Pick<Signature, "prefix" | "code">;
type Body = readonly Instruction[];
type LocalAccess = "get" | "set" | "tee";

/** The instructions whose type is that of their operand, or none; they are written like the others. */
const untyped = {
  drop: { code: 0x1a },
  select: { code: 0x1b },
  return: { code: 0x0f },
  unreachable: { code: 0x00 },
} as const satisfies Record<string, Code>;

/**
 * Any instruction without immediates, by its WebAssembly name.
 *
 * @throws TypeError when an operand is missing, superfluous or of another type.
 */
export function operation(
  name: OperationName | keyof typeof untyped,
  ...operands: readonly Instruction[]
): Instruction {
  const signature = operationSignatures.get(name);
  if (signature) {
    checkOperands(name, signature.operands, operands);
    return { kind: "operation", type: signature.result, code: signature, operands };
  }
  return untypedOperation(name as keyof typeof untyped, operands);
}

function untypedOperation(name: keyof typeof untyped, operands: readonly Instruction[]): Instruction {
  const code = untyped[name];
  if (!code) throw new TypeError(`unknown WebAssembly instruction "${name}"`);
  if (name === "select") {
    const value = typeOf(name, operands[0]);
    checkOperands(name, [value, value, "i32"], operands);
    return { kind: "operation", type: value, code, operands };
  }
  const takes = name === "unreachable" || (name === "return" && operands.length === 0) ? 0 : 1;
  checkOperands(name, takes ? [typeOf(name, operands[0])] : [], operands);
  return { kind: "operation", type: undefined, code, operands };
}

/** The value of a local. */
export function get(local: Local): Instruction {
  return { kind: "local", type: local.type, access: "get", local, value: undefined };
}

/** Gives a local a value. */
export function set(local: Local, value: Instruction): Instruction {
  checkOperands("local.set", [local.type], [value]);
  return { kind: "local", type: undefined, access: "set", local, value };
}

/** Gives a local a value, and leaves that value. */
export function tee(local: Local, value: Instruction): Instruction {
  checkOperands("local.tee", [local.type], [value]);
  return { kind: "local", type: local.type, access: "tee", local, value };
}

/**
 * A number known now.
 *
 * @throws RangeError when an i32 is not an integer between -2^31 and 2^32 - 1.
 */
export function constant(type: "i32" | "f32" | "f64", value: number): Instruction;
export function constant(type: "i64", value: bigint): Instruction;
export function constant(type: Exclude<ValueType, "v128">, value: number | bigint): Instruction {
  if (type === "i32" && value !== (Number(value) | 0) && value !== Number(value) >>> 0) {
    throw new RangeError(`i32.const: ${value} is no integer of 32 bits`);
  }
  return { kind: "constant", type, value };
}

/** A vector known now: its 16 bytes, lowest first. */
export function vectorConstant(bytes: Uint8Array): Instruction {
  if (bytes.length !== 16) throw new RangeError(`v128.const: expected 16 bytes, found ${bytes.length}`);
  return { kind: "constant", type: "v128", value: bytes };
}

/** Reads memory at an address plus a constant offset in bytes. */
export function load(name: LoadName, address: Instruction, offset = 0): Instruction {
  return memory(name, loads[name], [address], offset);
}

/** Writes memory at an address plus a constant offset in bytes. */
export function store(name: StoreName, address: Instruction, value: Instruction, offset = 0): Instruction {
  return memory(name, stores[name], [address, value], offset);
}

/** Writes one lane of a vector to memory. */
export function storeLane(
  name: LaneStoreName,
  address: Instruction,
  value: Instruction,
  lane: number,
  offset = 0,
): Instruction {
  checkLane(name, laneStores[name].lanes, lane);
  return memory(name, laneStores[name], [address, value], offset, lane);
}

function memory(
  name: string,
  access: Signature & { alignment: number },
  operands: readonly Instruction[],
  offset: number,
  lane?: number,
): Instruction {
  checkOperands(name, access.operands, operands);
  if (offset !== offset >>> 0)
    throw new RangeError(`${name}: the offset ${offset} is no integer from 0 to 2^32 - 1`);
  const { alignment, result } = access;
  return { kind: "memory", type: result, code: access, alignment, offset, lane, operands };
}

/** One lane of a vector, as a number. */
export function extractLane(name: ExtractLaneName, vector: Instruction, lane: number): Instruction {
  return laneAccess(name, [vector], lane);
}

/** A vector with one lane replaced. */
export function replaceLane(
  name: ReplaceLaneName,
  vector: Instruction,
  lane: number,
  value: Instruction,
): Instruction {
  return laneAccess(name, [vector, value], lane);
}

function laneAccess(
  name: keyof typeof laneAccesses,
  operands: readonly Instruction[],
  lane: number,
): Instruction {
  const access: Signature & { lanes: number } = laneAccesses[name];
  checkOperands(name, access.operands, operands);
  checkLane(name, access.lanes, lane);
  return { kind: "lane", type: access.result, code: access, lane, operands };
}

/** The bytes of two vectors rearranged: byte i of the result is byte `lanes[i]` of the 32 bytes of a and b. */
export function shuffle(lanes: Uint8Array, a: Instruction, b: Instruction): Instruction {
  if (lanes.length !== 16 || lanes.some((lane) => lane > 31)) {
    throw new RangeError(`i8x16.shuffle: expected 16 numbers from 0 to 31, found ${lanes.join(" ")}`);
  }
  checkOperands("i8x16.shuffle", ["v128", "v128"], [a, b]);
  return { kind: "shuffle", type: "v128", lanes, operands: [a, b] };
}

/** Instructions in order; a branch to the label leaves them. */
export function block(label: Label, body: Body): Instruction {
  checkStatements("block", body);
  return { kind: "body", type: undefined, repeats: false, label, body };
}

/** Instructions in order; a branch to the label starts them again, otherwise they run once. */
export function loop(label: Label, body: Body): Instruction {
  checkStatements("loop", body);
  return { kind: "body", type: undefined, repeats: true, label, body };
}

/** Goes to a label. */
export function branch(label: Label): Instruction {
  return { kind: "branch", type: undefined, label, condition: undefined };
}

/** Goes to a label where the condition, an i32, is not 0. */
export function branchIf(label: Label, condition: Instruction): Instruction {
  checkOperands("br_if", ["i32"], [condition]);
  return { kind: "branch", type: undefined, label, condition };
}

/** Instructions that run where the condition, an i32, is not 0, and others that run where it is. */
export function when(condition: Instruction, then: Body, otherwise: Body = []): Instruction {
  checkOperands("if", ["i32"], [condition]);
  checkStatements("if", then);
  checkStatements("else", otherwise);
  return { kind: "when", type: undefined, condition, then, otherwise };
}

/** Calls a function of the module, or an imported one. */
export function call(target: Callable, ...operands: readonly Instruction[]): Instruction {
  checkOperands("call", target.params, operands);
  return { kind: "call", type: target.result, target, operands };
}

function checkOperands(
  name: string,
  expected: readonly ValueType[],
  operands: readonly (Instruction | undefined)[],
): void {
  let same = operands.length === expected.length;
  for (let i = 0; same && i < expected.length; i++) same = operands[i]?.type === expected[i];
  if (same) return;
  const found = operands.map((operand) => operand?.type ?? "nothing");
  throw new TypeError(`${name} takes (${expected.join(", ")}), found (${found.join(", ")})`);
}

function checkStatements(name: string, body: Body): void {
  for (const [at, instruction] of body.entries()) {
    if (instruction.type === undefined) continue;
    throw new TypeError(
      `${name}: instruction ${at} leaves a value of type ${instruction.type}; use it or drop it`,
    );
  }
}

function checkLane(name: string, lanes: number, lane: number): void {
  if (Number.isInteger(lane) && lane >= 0 && lane < lanes) return;
  throw new RangeError(`${name}: there are lanes 0 to ${lanes - 1}, found ${lane}`);
}

function typeOf(name: string, operand: Instruction | undefined): ValueType {
  if (operand?.type) return operand.type;
  throw new TypeError(`${name} takes a value, found none`);
}
