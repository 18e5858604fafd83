import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";
import { anyEinsum, einsumByDefinition } from "./einsum-cases.js";
import { type OperationRow, type RowOptions, real, shapeAndAxis } from "./operation-row.js";

type Reduction = (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor | tf.Tensor[];

const reduction = (name: string, build: Reduction, { operands, ...row }: RowOptions = {}): OperationRow => ({
  name,
  domain: real,
  ...row,
  cases: anyShape().chain((shape) =>
    fc.tuple(fc.subarray([...shape.keys()]), fc.boolean()).map(([axes, keepDims]) => ({
      shapes: [shape],
      operands,
      build: (x: tf.Tensor) => build(x, axes, keepDims),
    })),
  ),
});

const alongAxis = (
  name: string,
  build: (x: tf.Tensor, axis: number) => tf.Tensor,
  options: RowOptions = {},
): OperationRow => ({
  name,
  domain: real,
  ...options,
  cases: shapeAndAxis().map(({ shape, axis }) => ({ shapes: [shape], build: (x) => build(x, axis) })),
});

/** Every activation that tfjs fuses with a product. */
export const anyActivation = fc.constantFrom(
  ...(["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"] as const),
);

const matrices = (variant: string | undefined, transposeA: boolean, transposeB: boolean): OperationRow => ({
  name: "matMul",
  variant,
  domain: real,
  note: "leading axes broadcast",
  cases: fc
    .tuple(broadcastableShapes(2), ...[5, 6, 5].map((max) => fc.integer({ min: 1, max })))
    .map(([batches, rows, inner, columns]) => {
      const [batchA, batchB] = batches.map((batch) => batch.slice(-2).map((length) => Math.min(length, 2)));
      return {
        shapes: [
          [...batchA, ...(transposeA ? [inner, rows] : [rows, inner])],
          [...batchB, ...(transposeB ? [columns, inner] : [inner, columns])],
        ],
        build: (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, transposeA, transposeB),
      };
    }),
});

/** Operations that combine elements. */
export const contractingRows: readonly OperationRow[] = [
  reduction("sum", (x, axes, keepDims) => tf.sum(x, axes, keepDims)),
  reduction("sum", (x, axes, keepDims) => tf.sum(x, axes, keepDims), {
    variant: "of booleans",
    operands: (x) => [tf.greater(x, 0)],
  }),
  reduction("mean", (x, axes, keepDims) => tf.mean(x, axes, keepDims)),
  reduction("max", (x, axes, keepDims) => tf.max(x, axes, keepDims)),
  reduction("min", (x, axes, keepDims) => tf.min(x, axes, keepDims)),
  reduction("prod", (x, axes, keepDims) => tf.prod(x, axes, keepDims)),
  reduction("all", (x, axes, keepDims) => tf.all(x, axes, keepDims), {
    operands: (x) => [tf.greater(x, -1)],
  }),
  reduction("any", (x, axes, keepDims) => tf.any(x, axes, keepDims), {
    operands: (x) => [tf.greater(x, 1)],
  }),
  reduction("moments", (x, axes, keepDims) => {
    const { mean, variance } = tf.moments(x, axes, keepDims);
    return [mean, variance];
  }),
  {
    name: "norm",
    domain: real,
    cases: fc
      .tuple(
        shapeAndAxis(),
        fc.constantFrom(1, 2, "euclidean" as const, Number.POSITIVE_INFINITY),
        fc.boolean(),
      )
      .map(([{ shape, axis }, order, keepDims]) => ({
        shapes: [shape],
        build: (x) => tf.norm(x, order, axis, keepDims),
      })),
  },
  alongAxis("argMax", (x, axis) => tf.argMax(x, axis), { note: "the first at ties; no derivative" }),
  alongAxis("argMin", (x, axis) => tf.argMin(x, axis), { note: "the first at ties; no derivative" }),
  {
    name: "cumsum",
    domain: real,
    cases: fc
      .tuple(shapeAndAxis(), fc.boolean(), fc.boolean())
      .map(([{ shape, axis }, exclusive, reverse]) => ({
        shapes: [shape],
        // tfjs itself counts axes from the front only, here
        build: (x) => tf.cumsum(x, axis < 0 ? axis + shape.length : axis, exclusive, reverse),
      })),
  },
  {
    name: "softmax",
    domain: real,
    cases: anyShape({ minRank: 1 }).map((shape) => ({ shapes: [shape], build: (x) => tf.softmax(x) })),
  },
  {
    name: "softmax",
    variant: "of large logits",
    domain: [-300, 300],
    cases: anyShape({ minRank: 1 }).map((shape) => ({ shapes: [shape], build: (x) => tf.softmax(x) })),
  },
  {
    name: "logSoftmax",
    domain: real,
    cases: anyShape({ minRank: 1 }).map((shape) => ({ shapes: [shape], build: (x) => tf.logSoftmax(x) })),
  },
  alongAxis("logSumExp", (x, axis) => tf.logSumExp(x, axis)),
  matrices(undefined, false, false),
  matrices("with a transposed", true, false),
  matrices("with b transposed", false, true),
  matrices("with both transposed", true, true),
  {
    name: "dot",
    domain: real,
    cases: fc
      .constantFrom(
        [[3], [3]],
        [[3], [3, 2]],
        [[2, 3], [3]],
        [
          [2, 3],
          [3, 4],
        ],
      )
      .map((shapes) => ({ shapes, build: (a: tf.Tensor, b: tf.Tensor) => tf.dot(a, b) })),
  },
  {
    name: "outerProduct",
    domain: real,
    cases: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).map(([m, n]) => ({
      shapes: [[m], [n]],
      build: (a: tf.Tensor, b: tf.Tensor) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
    })),
  },
  {
    name: "einsum",
    note: "any number of operands, diagonals, implicit results; no ellipsis",
    domain: real,
    cases: fc
      .integer({ min: 1, max: 3 })
      .chain((operands) => anyEinsum({ operands }))
      .map(({ equation, shapes }) => ({
        shapes,
        build: (...operands: tf.Tensor[]) => tf.einsum(equation, ...operands),
        // tfjs takes two operands at most, and forgets to sum over a letter that only one of them has
        expected: (...operands: tf.Tensor[]) => einsumByDefinition(equation, operands),
      })),
  },
  {
    name: "einsum",
    variant: "with diagonals",
    domain: real,
    cases: fc
      .constantFrom(
        { equation: "ii->i", expected: (x: tf.Tensor) => tf.sum(tf.mul(x, tf.eye(3)), 1) },
        { equation: "ii->", expected: (x: tf.Tensor) => tf.sum(tf.mul(x, tf.eye(3))) },
        { equation: "ii", expected: (x: tf.Tensor) => tf.sum(tf.mul(x, tf.eye(3))) },
        { equation: "ij->ji", expected: (x: tf.Tensor) => tf.transpose(x) },
        { equation: "ji", expected: (x: tf.Tensor) => tf.transpose(x) },
      )
      .map(({ equation, expected }) => ({
        shapes: [[3, 3]],
        build: (x: tf.Tensor) => tf.einsum(equation, x),
        expected,
      })),
  },
  {
    name: "fused.matMul",
    domain: real,
    cases: anyActivation.map((activation) => ({
      shapes: [[3, 4], [4, 2], [2], ...(activation === "prelu" ? [[2]] : [])],
      build: (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor, preluActivationWeights?: tf.Tensor) =>
        tf.fused.matMul({
          a: a as tf.Tensor2D,
          b: b as tf.Tensor2D,
          bias,
          activation,
          preluActivationWeights,
          leakyreluAlpha: 0.3,
        }),
    })),
  },
  {
    name: "matMul",
    variant: "of a concatenation with the time",
    domain: [-1, 1],
    cases: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()).map(([rows, inFront]) => ({
      shapes: [[rows, 3], [], [4, 2], [2]],
      build: (y: tf.Tensor, t: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => {
        const time = tf.mul(tf.fill([rows, 1], 1), t);
        return tf.tanh(tf.add(tf.matMul(tf.concat(inFront ? [time, y] : [y, time], 1), w), b));
      },
    })),
  },
];
