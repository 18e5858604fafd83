import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementwiseFunction } from "../../../src/compiler/operations/elementwise-table.js";
import { Random } from "../../../src/compiler/random.js";
import { supportsFusedMultiplyAdd } from "../../../src/compiler/targets/wasm/features.js";
import { vectorMath } from "../../../src/compiler/targets/wasm/vector-math/vector-math.js";
import { type Numbers, type VectorSettings, vectorProgram } from "./vector-program.js";

// Node 20 has the relaxed instructions behind a flag; this file's tests have a process of their own
if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");

type Name = keyof typeof vectorMath;
type Interval = readonly [low: number, high: number];

/** For each function the intervals, one per operand, from which numbers are drawn. */
const domains: Readonly<Record<Name, readonly (readonly Interval[])[]>> = {
  exp: [[[-708, 709]], [[-87, 88]], [[-1, 1]], [[-1e-6, 1e-6]]],
  expm1: [[[-708, 709]], [[-40, 5]], [[-1.1, 1.1]], [[-1e-6, 1e-6]]],
  log: [[[0, 1e-307]], [[0, 1e-37]], [[0, 2]], [[0.99, 1.01]], [[0, 1e6]], [[0, 1e300]]],
  log1p: [[[-1, 1]], [[-1e-5, 1e-5]], [[-0.6, 0.6]], [[0, 1e6]], [[0, 1e300]]],
  tanh: [[[-25, 25]], [[-2, 2]], [[-0.7, 0.7]], [[0.17, 0.18]], [[0.5, 0.55]], [[-1e-4, 1e-4]]],
  sigmoid: [[[-708, 40]], [[-5, 5]], [[-1e-4, 1e-4]]],
  softplus: [[[-708, 708]], [[-30, 30]], [[-2, 2]]],
  sin: [[[-1, 1]], [[-10, 10]], [[-1e3, 1e3]], [[-1e5, 1e5]], [[-2e6, 2e6]], [[-1e300, 1e300]]],
  cos: [[[-1, 1]], [[-10, 10]], [[-1e3, 1e3]], [[-1e5, 1e5]], [[-2e6, 2e6]], [[-1e300, 1e300]]],
  erf: [[[-7, 7]], [[-1.2, 1.2]], [[-0.1, 0.1]], [[-1e-9, 1e-9]]],
  atan2: [
    [
      [-1, 1],
      [-1, 1],
    ],
    [
      [-1e-3, 1e-3],
      [-1, 1],
    ],
    [
      [0.9, 1.1],
      [-1.1, -0.9],
    ],
    [
      [-1e308, 1e308],
      [-1e308, 1e308],
    ],
  ],
  pow: [
    [
      [0, 10],
      [-5, 5],
    ],
    [
      [0.5, 2],
      [-900, 900],
    ],
    [
      [0.99, 1.01],
      [-1e4, 1e4],
    ],
    [
      [0, 1e-300],
      [-1, 1],
    ],
  ],
  mod: [
    [
      [-10, 10],
      [-3, 3],
    ],
    [
      [-1e6, 1e6],
      [-3, 3],
    ],
    [
      [-1e10, 1e10],
      [-1, 1],
    ],
  ],
};

const names = Object.keys(domains) as Name[];

/** What is special about numbers: all borders of the formats and of the functions' parts. */
const specialNumbers = [
  Number.NaN,
  ...[0, 1, 2, 3, 0.5, 0.1, 1e-40, 3e-45, 5e-324, 1e-320, 1e300, 1.1e308, 1.7e308, Number.POSITIVE_INFINITY],
  ...[2 ** 24, 2 ** 53, 2 ** 53 + 2, 20.5, 88.8, 104, 710, 746, 1e10, Math.PI / 2, Math.PI / 4],
].flatMap((x) => [x, -x]);

const settings: readonly VectorSettings[] = (["float32", "float64"] as const).flatMap((precision) =>
  (supportsFusedMultiplyAdd() ? [false, true] : [false]).map((fusedMultiplyAdd) => ({
    precision,
    fusedMultiplyAdd,
  })),
);

/** A function's vector program with what it must give. */
class Case {
  readonly run: (...operands: Numbers[]) => Numbers;
  readonly #reference: (...operands: number[]) => number;
  readonly #isSingle: boolean;
  readonly #name: Name;

  constructor(name: Name, setting: VectorSettings) {
    this.#name = name;
    this.#isSingle = setting.precision === "float32";
    this.#reference = elementwiseFunction(name);
    this.run = vectorProgram(domains[name][0].length, vectorMath[name], setting);
  }

  /** Numbers in the precision's own array; those that it cannot hold become infinite. */
  numbers(values: readonly number[]): Numbers {
    return this.#isSingle ? Float32Array.from(values) : Float64Array.from(values);
  }

  /** The worst disagreement with the reference, as a sentence; undefined where all agree within 3 eps. */
  fault(...operands: Numbers[]): string | undefined {
    const found = this.run(...operands);
    let worst = { excess: 0, sentence: undefined as string | undefined };
    found.forEach((value, i) => {
      const numbers = operands.map((operand) => operand[i]);
      const expected = this.#reference(...numbers);
      const excess = this.#excess(value, expected);
      if (excess <= worst.excess) return;
      const sentence = `${this.#name}(${numbers.join(", ")}) is ${value}, expected ${expected}`;
      worst = { excess, sentence };
    });
    return worst.sentence;
  }

  /** By how much an error exceeds what is allowed; infinite for a wrong sign of zero, infinity or NaN. */
  #excess(found: number, expected: number): number {
    const rounded = this.#isSingle ? Math.fround(expected) : expected;
    if (Object.is(found, rounded)) return 0;
    const { eps, smallest, flushedBelow } = this.#isSingle
      ? { eps: 2 ** -23, smallest: 2 ** -149, flushedBelow: 2 ** -125 }
      : { eps: 2 ** -52, smallest: Number.MIN_VALUE, flushedBelow: 2 ** -1021 };
    if (Math.abs(expected) < flushedBelow && Object.is(found, Math.sign(expected) * 0)) return 0;
    const error = Math.abs(found - expected) - 3 * eps * Math.abs(expected) - 2 * smallest;
    return Number.isNaN(error) || !Number.isFinite(rounded) || found === 0 ? Number.POSITIVE_INFINITY : error;
  }
}

describe.each(settings)("vector math in $precision, fused multiply-add $fusedMultiplyAdd", (setting) => {
  it.each(names)("%s is at most 3 eps off wherever its numbers are drawn", (name) => {
    const tried = new Case(name, setting);
    const random = new Random(1);
    for (const intervals of domains[name]) {
      const operands = intervals.map(([low, high]) =>
        tried.numbers(Array.from({ length: 8192 }, () => low + (high - low) * random.uniform())),
      );
      expect(tried.fault(...operands), JSON.stringify(intervals)).toBeUndefined();
    }
  });

  it.each(names)("%s treats NaN, infinities, zeros, tiny and huge numbers as JavaScript does", (name) => {
    const tried = new Case(name, setting);
    const isBinary = domains[name][0].length === 2;
    const a = specialNumbers.flatMap((x) => (isBinary ? specialNumbers.map(() => x) : [x]));
    const b = specialNumbers.flatMap(() => specialNumbers);
    const operands = (isBinary ? [a, b] : [a]).map((values) => tried.numbers(values));
    expect(tried.fault(...operands)).toBeUndefined();
  });

  it.each(names)("%s of any numbers at all: a lane does not depend on the others", (name) => {
    const tried = new Case(name, setting);
    const arity = domains[name][0].length;
    const lanes = fc.array(fc.array(fc.double(), { minLength: arity, maxLength: arity }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(lanes, (rows) => {
        const operands = Array.from({ length: arity }, (_, i) => tried.numbers(rows.map((row) => row[i])));
        expect(tried.fault(...operands)).toBeUndefined();
        const together = [...tried.run(...operands)];
        const alone = together.map((_, i) => tried.run(...operands.map((x) => x.slice().fill(x[i])))[i]);
        expect(together).toEqual(alone);
      }),
      { numRuns: 200 },
    );
  });
});

it.each(settings)(
  "tanh in $precision, fused $fusedMultiplyAdd, is odd to the last bit and never beyond 1",
  (setting) => {
    const tried = new Case("tanh", setting);
    const random = new Random(2);
    const x = tried.numbers(Array.from({ length: 16384 }, (_, i) => (i % 24) + random.uniform()));
    const values = tried.run(x);
    expect(tried.run(x.map((value) => -value))).toEqual(values.map((value) => -value));
    expect(values.every((value) => value <= 1)).toBe(true);
  },
);

/** Arguments and values of erf, computed by mpmath 1.4.1 with 50 digits and rounded to doubles. */
const errorFunctionValues: readonly (readonly [x: number, erf: number])[] = [
  [1e-300, 1.1283791670955126e-300],
  [1e-8, 1.1283791670955126e-8],
  [0.001, 0.0011283787909692365],
  [0.1, 0.1124629160182849],
  [0.25, 0.27632639016823696],
  [0.5, 0.5204998778130465],
  [0.75, 0.7111556336535151],
  [0.84, 0.7651427114549945],
  [0.9, 0.7969082124228322],
  [0.99, 0.8385080695553698],
  [1.0, 0.8427007929497149],
  [1.01, 0.8468104962282768],
  [1.1, 0.8802050695740817],
  [1.25, 0.9229001282564583],
  [1.5, 0.9661051464753108],
  [1.75, 0.9866716712191824],
  [2.0, 0.9953222650189527],
  [2.25, 0.9985372834133188],
  [2.5, 0.999593047982555],
  [2.75, 0.9998993780778803],
  [3.0, 0.9999779095030014],
  [3.25, 0.9999956972205363],
  [3.5, 0.9999992569016276],
  [4.0, 0.9999999845827421],
  [4.5, 0.9999999998033839],
  [5.0, 0.9999999999984626],
  [5.5, 0.9999999999999927],
  [5.8, 0.9999999999999998],
  [6.0, 1.0],
  [10.0, 1.0],
];

it.each(settings)(
  "erf in $precision, fused $fusedMultiplyAdd, agrees with values of many digits",
  (setting) => {
    const tried = new Case("erf", setting);
    const eps = setting.precision === "float32" ? 2 ** -23 : 2 ** -52;
    const exact = errorFunctionValues.filter(([x]) => tried.numbers([x])[0] === x);
    const found = tried.run(tried.numbers(exact.map(([x]) => x)));
    exact.forEach(([x, erf], i) => {
      expect(Math.abs(found[i] - erf), `erf(${x})`).toBeLessThanOrEqual(3 * eps * erf);
    });
  },
);
