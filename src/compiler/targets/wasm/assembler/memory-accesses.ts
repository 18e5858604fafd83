import type { Signature } from "./operations.js";

/** An instruction that reads or writes memory at an address and a constant offset. */
interface MemoryAccess extends Signature {
  /** Binary logarithm of the bytes accessed, a hint to the engine that the address is a multiple of them. */
  readonly alignment: number;
}

/** Reads memory: the operand is the address. */
export const loads = {
  "i32.load": { code: 0x28, alignment: 2, operands: ["i32"], result: "i32" },
  "i64.load": { code: 0x29, alignment: 3, operands: ["i32"], result: "i64" },
  "f32.load": { code: 0x2a, alignment: 2, operands: ["i32"], result: "f32" },
  "f64.load": { code: 0x2b, alignment: 3, operands: ["i32"], result: "f64" },
  "i32.load8_u": { code: 0x2d, alignment: 0, operands: ["i32"], result: "i32" },
  // vectors start at any element, so no more than an element's alignment is promised
  "v128.load": { prefix: 0xfd, code: 0, alignment: 2, operands: ["i32"], result: "v128" },
  "v128.load32_splat": { prefix: 0xfd, code: 9, alignment: 2, operands: ["i32"], result: "v128" },
  "v128.load64_splat": { prefix: 0xfd, code: 10, alignment: 3, operands: ["i32"], result: "v128" },
  "v128.load32_zero": { prefix: 0xfd, code: 92, alignment: 2, operands: ["i32"], result: "v128" },
  "v128.load64_zero": { prefix: 0xfd, code: 93, alignment: 3, operands: ["i32"], result: "v128" },
} as const satisfies Record<string, MemoryAccess>;

/** Writes memory: the operands are the address and the value. */
export const stores = {
  "i32.store": { code: 0x36, alignment: 2, operands: ["i32", "i32"], result: undefined },
  "i64.store": { code: 0x37, alignment: 3, operands: ["i32", "i64"], result: undefined },
  "f32.store": { code: 0x38, alignment: 2, operands: ["i32", "f32"], result: undefined },
  "f64.store": { code: 0x39, alignment: 3, operands: ["i32", "f64"], result: undefined },
  "i32.store8": { code: 0x3a, alignment: 0, operands: ["i32", "i32"], result: undefined },
  "v128.store": { prefix: 0xfd, code: 11, alignment: 2, operands: ["i32", "v128"], result: undefined },
} as const satisfies Record<string, MemoryAccess>;

/** Writes one lane of a vector to memory: the operands are the address and the vector. */
export const laneStores = {
  "v128.store32_lane": {
    prefix: 0xfd,
    code: 90,
    alignment: 2,
    lanes: 4,
    operands: ["i32", "v128"],
    result: undefined,
  },
  "v128.store64_lane": {
    prefix: 0xfd,
    code: 91,
    alignment: 3,
    lanes: 2,
    operands: ["i32", "v128"],
    result: undefined,
  },
} as const satisfies Record<string, MemoryAccess & { readonly lanes: number }>;

/** Takes one lane out of a vector, or puts one into it. */
export const laneAccesses = {
  "i32x4.extract_lane": { prefix: 0xfd, code: 27, lanes: 4, operands: ["v128"], result: "i32" },
  "i32x4.replace_lane": { prefix: 0xfd, code: 28, lanes: 4, operands: ["v128", "i32"], result: "v128" },
  "i64x2.extract_lane": { prefix: 0xfd, code: 29, lanes: 2, operands: ["v128"], result: "i64" },
  "i64x2.replace_lane": { prefix: 0xfd, code: 30, lanes: 2, operands: ["v128", "i64"], result: "v128" },
  "f32x4.extract_lane": { prefix: 0xfd, code: 31, lanes: 4, operands: ["v128"], result: "f32" },
  "f32x4.replace_lane": { prefix: 0xfd, code: 32, lanes: 4, operands: ["v128", "f32"], result: "v128" },
  "f64x2.extract_lane": { prefix: 0xfd, code: 33, lanes: 2, operands: ["v128"], result: "f64" },
  "f64x2.replace_lane": { prefix: 0xfd, code: 34, lanes: 2, operands: ["v128", "f64"], result: "v128" },
} as const satisfies Record<string, Signature & { readonly lanes: number }>;

/** The name of an instruction that reads memory. */
export type LoadName = keyof typeof loads;
/** The name of an instruction that writes memory. */
export type StoreName = keyof typeof stores;
/** The name of an instruction that writes a lane. */
export type LaneStoreName = keyof typeof laneStores;
/** The name of an instruction that takes out a lane. */
export type ExtractLaneName = Extract<keyof typeof laneAccesses, `${string}.extract_lane`>;
/** The name of an instruction that replaces a lane. */
export type ReplaceLaneName = Extract<keyof typeof laneAccesses, `${string}.replace_lane`>;
