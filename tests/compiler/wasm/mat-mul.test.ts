import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import type { Precision } from "../../../src/compiler/targets/target.js";
import { FunctionWriter } from "../../../src/compiler/targets/wasm/assembler/function-writer.js";
import { call, get } from "../../../src/compiler/targets/wasm/assembler/instruction.js";
import { ModuleWriter } from "../../../src/compiler/targets/wasm/assembler/module-writer.js";
import { supportsFusedMultiplyAdd } from "../../../src/compiler/targets/wasm/features.js";
import {
  matMulKernel,
  matMulScratchBytes,
} from "../../../src/compiler/targets/wasm/mat-mul/mat-mul-kernel.js";
import type { MatMulSignature } from "../../../src/compiler/targets/wasm/mat-mul/mat-mul-signature.js";
import { transposeKernel } from "../../../src/compiler/targets/wasm/mat-mul/transpose.js";
import { vectorFormats } from "../../../src/compiler/targets/wasm/vector-format.js";
import { anySeed } from "../../laws/numbers.js";
import { type Draw, MatrixMemory, type PlacedMatrix } from "./matrix-memory.js";

const anyPrecision = fc.constantFrom<Precision>("float32", "float64");
const anyLength = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }) },
  fc.constantFrom(31, 48, 49, 50, 65),
);
const anyGap = fc.constantFrom(0, 0, 1, 5);

/** Strides of a matrix of that many rows and columns, of every kind that a view of an array may have. */
function anyStrides(rows: number, columns: number) {
  return fc
    .tuple(anyGap, fc.constantFrom("rows", "columns", "spread", "reversed", "broadcast"))
    .map(([gap, kind]) => {
      switch (kind) {
        case "rows":
          return { rowStride: columns + gap, columnStride: 1 };
        case "columns":
          return { rowStride: 1, columnStride: rows + gap };
        case "spread":
          return { rowStride: 2 * columns + gap, columnStride: 2 };
        case "reversed":
          return gap > 0
            ? { rowStride: -columns - gap, columnStride: 1 }
            : { rowStride: 1, columnStride: -rows };
        default:
          return gap > 0 ? { rowStride: 0, columnStride: 1 } : { rowStride: 1, columnStride: 0 };
      }
    });
}

/** Kernels of products of these lengths, of all kinds that the engine can run. */
function signaturesOf(rows: number, columns: number, inner: number): fc.Arbitrary<MatMulSignature> {
  return fc.record({
    precision: anyPrecision,
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    inner: fc.constant(inner),
    a: anyStrides(rows, inner),
    b: anyStrides(inner, columns),
    c: anyGap.map((gap) => ({ rowStride: columns + gap })),
    accumulate: fc.boolean(),
    fusedMultiplyAdd: supportsFusedMultiplyAdd() ? fc.boolean() : fc.constant(false),
    registerBits: fc.constantFrom(undefined, 128 as const, 256 as const),
  });
}

const anySignature = fc.tuple(anyLength, anyLength, anyLength).chain((lengths) => signaturesOf(...lengths));

const anyLengthFrom = (least: number) => fc.integer({ min: least, max: least + 9 });

/** Products whose factors lie so badly for a cache that kernels copy them; still of few elements. */
const strainedSignatures = fc
  .record({
    lengths: fc.tuple(anyLengthFrom(8), anyLengthFrom(8), anyLengthFrom(64)),
    side: fc.constantFrom("a", "b", "both"),
    stride: fc.constantFrom(1024, 2048),
  })
  .chain(({ lengths, side, stride }) =>
    signaturesOf(...lengths).map((signature) => ({
      ...signature,
      a: side === "b" ? signature.a : { rowStride: 1, columnStride: stride },
      b: side === "a" ? signature.b : { rowStride: stride, columnStride: 1 },
    })),
  );

interface Outcome {
  readonly a: number[];
  readonly b: number[];
  readonly before: number[];
  readonly after: number[];
  /** Changed numbers that are neither of C nor of the scratch memory. */
  readonly spoilt: number[];
}

/** A kernel run once on random matrices. */
function runKernel(signature: MatMulSignature, seed: number, draw: Draw): Outcome {
  const { precision, rows, columns, inner } = signature;
  const random = new Random(seed);
  const memory = new MatrixMemory(precision);
  const layouts = [
    { rows, columns: inner, ...signature.a },
    { rows: inner, columns, ...signature.b },
    { rows, columns, rowStride: signature.c.rowStride, columnStride: 1 },
  ];
  const placed: PlacedMatrix[] = [];
  for (const which of random.permutation(3)) placed[which] = memory.place(layouts[which], random, draw);
  const [a, b, c] = placed;
  const scratchBytes = matMulScratchBytes(signature);
  const scratch = memory.room(scratchBytes);
  const module = new ModuleWriter({ memory: { shared: false } });
  const addresses = [a.address, b.address, c.address, ...(scratchBytes > 0 ? [scratch] : [])];
  exportAsRun(module, matMulKernel(module, signature));
  const before = memory.read(c);
  const changed = memory.run(module, addresses);
  const { bytes } = vectorFormats[precision];
  const ofC = new Set(c.places);
  const isScratch = (at: number): boolean => at * bytes >= scratch && at * bytes < scratch + scratchBytes;
  const spoilt = changed.filter((at) => !ofC.has(at) && !isScratch(at));
  return { a: memory.read(a), b: memory.read(b), before, after: memory.read(c), spoilt };
}

function exportAsRun(module: ModuleWriter, kernel: FunctionWriter): void {
  const f = new FunctionWriter(kernel.params);
  f.emit(call(kernel, ...kernel.params.map((_, position) => get(f.parameter(position)))));
  module.define(f, "run");
}

/** Each element of the product with the sum of its terms' magnitudes, in double precision. */
function expectedOf({ rows, columns, inner, accumulate }: MatMulSignature, { a, b, before }: Outcome) {
  return Array.from({ length: rows * columns }, (_, element) => {
    const i = Math.floor(element / columns);
    const j = element - i * columns;
    const terms = Array.from({ length: inner }, (_, k) => a[i * inner + k] * b[k * columns + j]);
    if (accumulate) terms.push(before[element]);
    const sum = terms.reduce((total, term) => total + term, 0);
    return { sum, magnitude: terms.reduce((total, term) => total + Math.abs(term), 0) };
  });
}

/** Small whole numbers: their products and sums are exact in any order. */
const wholeNumber: Draw = (random) => random.integer(15) - 7;

function expectExactProduct(signature: MatMulSignature, seed: number): void {
  const outcome = runKernel(signature, seed, wholeNumber);
  expect(outcome.spoilt).toEqual([]);
  const differences = expectedOf(signature, outcome).map(({ sum }, element) => outcome.after[element] - sum);
  expect(differences).toEqual(differences.map(() => 0));
}

describe("matMulKernel", () => {
  it("is exact on whole numbers, whatever the lengths and strides, and writes nothing beside C", () => {
    fc.assert(fc.property(anySignature, anySeed, expectExactProduct), { numRuns: 250 });
  });

  it("is so too where it copies the factors", () => {
    fc.assert(fc.property(strainedSignatures, anySeed, expectExactProduct), { numRuns: 40 });
  });

  it("rounds no more than a sum of so many terms may", () => {
    fc.assert(
      fc.property(anySignature, anySeed, (signature, seed) => {
        const outcome = runKernel(signature, seed, (random) => Math.fround(random.normal()));
        const epsilon = signature.precision === "float32" ? 2 ** -24 : 2 ** -53;
        // Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1; once more for the comparison's sum
        const bound = 2 * (signature.inner + 1) * epsilon;
        for (const [element, { sum, magnitude }] of expectedOf(signature, outcome).entries()) {
          expect(Math.abs(outcome.after[element] - sum)).toBeLessThanOrEqual(bound * magnitude);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("needs no memory of its own where the rows of both factors lie close together", () => {
    const lengths = fc.tuple(...[64, 100, 100].map((most) => fc.integer({ min: 0, max: most })));
    fc.assert(
      fc.property(lengths, anyPrecision, ([rows, columns, inner], precision) => {
        const [a, b, c] = [inner, columns, columns].map((rowStride) => ({ rowStride, columnStride: 1 }));
        const arithmetic = { accumulate: false, fusedMultiplyAdd: false };
        expect(matMulScratchBytes({ precision, rows, columns, inner, a, b, c, ...arithmetic })).toBe(0);
      }),
    );
  });

  it("is written once in a module for each signature", () => {
    fc.assert(
      fc.property(anySignature, (signature) => {
        const module = new ModuleWriter({ memory: { shared: false } });
        const kernel = matMulKernel(module, signature);
        expect(matMulKernel(module, { ...signature })).toBe(kernel);
        expect(matMulKernel(module, { ...signature, accumulate: !signature.accumulate })).not.toBe(kernel);
        expect(matMulKernel(new ModuleWriter({ memory: { shared: false } }), signature)).not.toBe(kernel);
      }),
      { numRuns: 20 },
    );
  });
});

describe("transposeKernel", () => {
  it("brings element (i, j) to (j, i), and writes nothing else", () => {
    const anyTransposition = fc.tuple(anyPrecision, anyLength, anyLength, anyGap, anyGap);
    fc.assert(
      fc.property(anyTransposition, anySeed, ([precision, rows, columns, sourceGap, targetGap], seed) => {
        const random = new Random(seed);
        const memory = new MatrixMemory(precision);
        const [sourceStride, targetStride] = [columns + sourceGap, rows + targetGap];
        const from = { rows, columns, rowStride: sourceStride, columnStride: 1 };
        const to = { rows: columns, columns: rows, rowStride: targetStride, columnStride: 1 };
        const source = memory.place(from, random, () => random.integer(1000));
        const target = memory.place(to, random, () => -1);
        const module = new ModuleWriter({ memory: { shared: false } });
        exportAsRun(
          module,
          transposeKernel(module, { precision, rows, columns, sourceStride, targetStride }),
        );
        const changed = memory.run(module, [source.address, target.address]);
        const elements = memory.read(source);
        const expected = target.places.map(
          (_, at) => elements[(at % rows) * columns + Math.floor(at / rows)],
        );
        expect(memory.read(target)).toEqual(expected);
        expect(changed.sort((p, q) => p - q)).toEqual([...target.places]);
      }),
      { numRuns: 150 },
    );
  });
});
