import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";
import { type OperationRow, real, shapeAndAxis } from "./operation-row.js";

type Reduction = (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor;

const reduction = (name: string, build: Reduction): OperationRow => ({
  name,
  domain: real,
  cases: anyShape().chain((shape) =>
    fc.tuple(fc.subarray([...shape.keys()]), fc.boolean()).map(([axes, keepDims]) => ({
      shapes: [shape],
      build: (x: tf.Tensor) => build(x, axes, keepDims),
    })),
  ),
});

const matrices = (transposeA: boolean, transposeB: boolean): OperationRow => ({
  name: `matMul${transposeA ? ", a transposed" : ""}${transposeB ? ", b transposed" : ""}`,
  domain: real,
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
  reduction("mean", (x, axes, keepDims) => tf.mean(x, axes, keepDims)),
  reduction("max", (x, axes, keepDims) => tf.max(x, axes, keepDims)),
  reduction("min", (x, axes, keepDims) => tf.min(x, axes, keepDims)),
  {
    name: "softmax",
    domain: real,
    cases: anyShape({ minRank: 1 }).map((shape) => ({ shapes: [shape], build: (x) => tf.softmax(x) })),
  },
  {
    name: "softmax of large logits",
    domain: [-300, 300],
    cases: anyShape({ minRank: 1 }).map((shape) => ({ shapes: [shape], build: (x) => tf.softmax(x) })),
  },
  {
    name: "logSoftmax",
    domain: real,
    cases: anyShape({ minRank: 1 }).map((shape) => ({ shapes: [shape], build: (x) => tf.logSoftmax(x) })),
  },
  {
    name: "logSumExp",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({
      shapes: [shape],
      build: (x) => tf.logSumExp(x, axis),
    })),
  },
  matrices(false, false),
  matrices(true, false),
  matrices(false, true),
  matrices(true, true),
  {
    name: "fused matMul with bias and activation",
    domain: real,
    cases: fc.constantFrom("linear" as const, "relu" as const, "sigmoid" as const).map((activation) => ({
      shapes: [[3, 4], [4, 2], [2]],
      build: (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor) =>
        tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias, activation }),
    })),
  },
  {
    name: "dense layer on [y, t]",
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
