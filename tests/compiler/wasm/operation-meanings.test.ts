import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  constant,
  extractLane,
  type Instruction,
  operation,
  vectorConstant,
} from "../../../src/compiler/targets/wasm/assembler/instruction.js";
import {
  type OperationName,
  operationSignatures,
} from "../../../src/compiler/targets/wasm/assembler/operations.js";
import { evaluate } from "./evaluate.js";

function lesser<T>(a: T, b: T): T {
  if (b < a) return b;
  return a;
}

function greater<T>(a: T, b: T): T {
  if (a < b) return b;
  return a;
}

const hasSign = (x: number): boolean => x < 0 || Object.is(x, -0);

/** What instructions on reals mean; comparisons give a truth value. */
const realMeanings: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  pmin: lesser,
  pmax: greater,
  copysign: (a, b) => (hasSign(a) === hasSign(b) ? a : -a),
  abs: Math.abs,
  neg: (a) => -a,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  nearest: (a) => (Math.abs(a % 1) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a)),
  sqrt: Math.sqrt,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
};

/** What instructions on integers mean: of two signed numbers, and of the same bits without sign. */
const integerMeanings: Readonly<
  Record<string, (a: bigint, b: bigint, aUnsigned: bigint, bUnsigned: bigint) => bigint | boolean>
> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div_s: (a, b) => a / b,
  div_u: (_a, _b, a, b) => a / b,
  rem_s: (a, b) => a % b,
  rem_u: (_a, _b, a, b) => a % b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  eqz: (a) => a === 0n,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt_s: (a, b) => a < b,
  lt_u: (_a, _b, a, b) => a < b,
  gt_s: (a, b) => a > b,
  gt_u: (_a, _b, a, b) => a > b,
  le_s: (a, b) => a <= b,
  le_u: (_a, _b, a, b) => a <= b,
  ge_s: (a, b) => a >= b,
  ge_u: (_a, _b, a, b) => a >= b,
  min_s: lesser,
  min_u: (_a, _b, a, b) => lesser(a, b),
  max_s: greater,
  max_u: (_a, _b, a, b) => greater(a, b),
  abs: (a) => (a < 0n ? -a : a),
  neg: (a) => -a,
};

/** Shifts by a number of bits, which may be any i32 in a vector's case. */
const shiftMeanings: Readonly<Record<string, (a: bigint, bits: bigint, aUnsigned: bigint) => bigint>> = {
  shl: (a, bits) => a << bits,
  shr_s: (a, bits) => a >> bits,
  shr_u: (_, bits, a) => a >> bits,
};

const scalars = ["i32", "i64", "f32", "f64"] as const;
const vectors = { i32: "i32x4", i64: "i64x2", f32: "f32x4", f64: "f64x2" } as const;
type Scalar = (typeof scalars)[number];

/** The instructions of a shape that have a meaning in a table. */
function namesOf(shape: string, meanings: Readonly<Record<string, unknown>>): [OperationName, string][] {
  return Object.keys(meanings)
    .map((suffix): [OperationName, string] => [`${shape}.${suffix}` as OperationName, suffix])
    .filter(([name]) => operationSignatures.has(name));
}

/** Puts a number into every lane. */
function splat(type: Scalar, value: Instruction): Instruction {
  return operation(`${vectors[type]}.splat`, value);
}

/** The value of the last lane; that of a comparison is a mask, read as an integer. */
function lastLane(type: Scalar, vector: Instruction, isMask: boolean): unknown {
  const integer = type === "f32" || type === "i32" ? "i32" : "i64";
  const shape = vectors[isMask ? integer : type];
  return evaluate(extractLane(`${shape}.extract_lane`, vector, shape.endsWith("4") ? 3 : 1));
}

const arity = (name: OperationName): number => operationSignatures.get(name)?.operands.length ?? 0;

describe.each(["f32", "f64"] as const)("instructions on %s", (type) => {
  const round = (x: number): number => (type === "f32" ? Math.fround(x) : x);
  const reals = fc.oneof(
    fc.double(),
    fc.integer({ min: -9, max: 9 }).map((x) => x / 2),
  );

  const check = (
    suffix: string,
    compute: (...operands: Instruction[]) => unknown,
    operands: number,
  ): void => {
    fc.assert(
      fc.property(reals, reals, (x, y) => {
        const [a, b] = [round(x), round(y)];
        const found = compute(...[a, b].slice(0, operands).map((number) => constant(type, number)));
        const expected = realMeanings[suffix](a, b);
        if (typeof expected === "boolean") expect(Boolean(found)).toBe(expected);
        else expect(found).toBe(round(expected));
      }),
      { numRuns: 30 },
    );
  };

  it.each(namesOf(type, realMeanings))("%s means what its name says", (name, suffix) => {
    check(suffix, (...operands) => evaluate(operation(name, ...operands)), arity(name));
  });

  it.each(namesOf(vectors[type], realMeanings))("%s means it in each lane", (name, suffix) => {
    const isMask = typeof realMeanings[suffix](1, 1) === "boolean";
    const compute = (...operands: Instruction[]): unknown =>
      lastLane(type, operation(name, ...operands.map((x) => splat(type, x))), isMask);
    check(suffix, compute, arity(name));
  });
});

describe.each(["i32", "i64"] as const)("instructions on %s", (type) => {
  const width = type === "i32" ? 32 : 64;
  const number = (x: bigint): Instruction => (type === "i32" ? constant(type, Number(x)) : constant(type, x));
  const signed = (x: unknown): bigint => BigInt.asIntN(width, BigInt(x as number | bigint));
  const most = 2n ** BigInt(width - 1) - 1n;
  const integers = fc.oneof(fc.bigInt({ min: -most, max: most }), fc.bigInt({ min: -9n, max: 9n }));
  const notZero = integers.filter((x) => x !== 0n);

  const check = (
    suffix: string,
    compute: (...operands: Instruction[]) => unknown,
    operands: number,
  ): void => {
    fc.assert(
      fc.property(integers, notZero, (a, b) => {
        const found = compute(...[a, b].slice(0, operands).map(number));
        const expected = integerMeanings[suffix](a, b, BigInt.asUintN(width, a), BigInt.asUintN(width, b));
        if (typeof expected === "boolean") expect(Boolean(found)).toBe(expected);
        else expect(signed(found)).toBe(signed(expected));
      }),
      { numRuns: 30 },
    );
  };

  it.each(namesOf(type, integerMeanings))("%s means what its name says", (name, suffix) => {
    check(suffix, (...operands) => evaluate(operation(name, ...operands)), arity(name));
  });

  it.each(namesOf(vectors[type], integerMeanings))("%s means it in each lane", (name, suffix) => {
    const compute = (...operands: Instruction[]): unknown =>
      lastLane(type, operation(name, ...operands.map((x) => splat(type, x))), false);
    check(suffix, compute, arity(name));
  });

  it.each(Object.keys(shiftMeanings))("%s shifts numbers and lanes", (suffix) => {
    fc.assert(
      fc.property(integers, fc.integer({ min: 0, max: width - 1 }), (a, bits) => {
        const expected = signed(shiftMeanings[suffix](a, BigInt(bits), BigInt.asUintN(width, a)));
        const alone = operation(`${type}.${suffix}` as OperationName, number(a), number(BigInt(bits)));
        expect(signed(evaluate(alone))).toBe(expected);
        const name = `${vectors[type]}.${suffix}` as OperationName;
        const lanes = operation(name, splat(type, number(a)), constant("i32", bits));
        expect(signed(lastLane(type, lanes, false))).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });
});

/** What instructions on bytes mean. */
const bitwiseMeanings: readonly (readonly [OperationName, (a: number, b: number, c: number) => number])[] = [
  ["v128.not", (a) => ~a],
  ["v128.and", (a, b) => a & b],
  ["v128.andnot", (a, b) => a & ~b],
  ["v128.or", (a, b) => a | b],
  ["v128.xor", (a, b) => a ^ b],
  ["v128.bitselect", (a, b, c) => (a & c) | (b & ~c)],
];

describe("instructions on bytes", () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

  it.each(bitwiseMeanings)("%s means what its name says", (name, meaning) => {
    fc.assert(
      fc.property(bytes, bytes, bytes, (a, b, c) => {
        const operands = [a, b, c].slice(0, arity(name)).map(vectorConstant);
        const expected = a.map((_, i) => meaning(a[i], b[i], c[i]));
        const difference = operation("v128.xor", operation(name, ...operands), vectorConstant(expected));
        expect(evaluate(operation("v128.any_true", difference))).toBe(0);
        expect(evaluate(operation("v128.any_true", vectorConstant(a)))).toBe(a.some((x) => x !== 0) ? 1 : 0);
      }),
      { numRuns: 30 },
    );
  });
});

/** What conversions of an i32 mean, and of a double between -2^31 and 2^32. */
const conversions: readonly (readonly [OperationName, (x: number) => number])[] = [
  ["f64.convert_i32_s", (x) => x],
  ["f64.convert_i32_u", (x) => x >>> 0],
  ["f32.convert_i32_s", (x) => Math.fround(x)],
  ["f32.convert_i32_u", (x) => Math.fround(x >>> 0)],
  ["f32.demote_f64", (x) => Math.fround(x)],
  ["i32.trunc_sat_f64_s", (x) => Math.min(Math.trunc(x), 2 ** 31 - 1) | 0],
  ["i32.trunc_sat_f64_u", (x) => Math.max(Math.trunc(x), 0) | 0],
];

it.each(conversions)("%s means what its name says", (name, meaning) => {
  const [type] = operationSignatures.get(name)?.operands ?? [];
  const integers = fc.integer();
  const reals = fc.double({ min: -(2 ** 31), max: 2 ** 32 - 1, noNaN: true });
  fc.assert(
    fc.property(type === "i32" ? integers : reals, (x) => {
      const value = type === "i32" ? constant("i32", x) : constant("f64", x);
      expect(evaluate(operation(name, value))).toBe(meaning(x));
    }),
  );
});
