import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import type { Graph } from "../../src/compiler/graph/graph.js";
import type { Shape } from "../../src/compiler/shape.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";

/** A use of an operation: shapes of its operands, and the tfjs call. */
export interface OperationCase {
  readonly shapes: readonly Shape[];
  readonly build: (...operands: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** An operation, the interval from which its operands are taken, and its uses. */
export interface OperationRow {
  readonly name: string;
  readonly domain: readonly [number, number];
  readonly cases: fc.Arbitrary<OperationCase>;
}

const real = [-3, 3] as const;
const positive = [0.3, 3] as const;

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const unary = (name: string, build: Unary, domain: OperationRow["domain"] = real): OperationRow => ({
  name,
  domain,
  cases: anyShape().map((shape) => ({ shapes: [shape], build })),
});

const binary = (name: string, build: Binary, domain: OperationRow["domain"] = real): OperationRow => ({
  name,
  domain,
  cases: broadcastableShapes(2).map((shapes) => ({ shapes, build })),
});

const elementwiseRows: readonly OperationRow[] = [
  binary("add", tf.add),
  binary("sub", tf.sub),
  binary("mul", tf.mul),
  binary("div", tf.div, positive),
  binary("pow", tf.pow, positive),
  binary("maximum", tf.maximum),
  binary("minimum", tf.minimum),
  binary("greater", tf.greater),
  binary("greaterEqual", tf.greaterEqual),
  binary("less", tf.less),
  binary("lessEqual", tf.lessEqual),
  binary("equal", tf.equal),
  binary("notEqual", tf.notEqual),
  binary("squaredDifference", tf.squaredDifference),
  binary("logicalAnd", (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 1))),
  binary("logicalOr", (a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 1))),
  unary("logicalNot", (x) => tf.logicalNot(tf.greater(x, 0))),
  {
    name: "where",
    domain: real,
    cases: broadcastableShapes(3).map((shapes) => ({
      shapes,
      build: (c, a, b) => tf.where(tf.greater(c, 0), a, b),
    })),
  },
  {
    name: "addN",
    domain: real,
    cases: anyShape().map((shape) => ({ shapes: [shape, shape, shape], build: (...x) => tf.addN(x) })),
  },
  unary("neg", tf.neg),
  unary("abs", tf.abs),
  unary("sign", tf.sign),
  unary("floor", tf.floor),
  unary("exp", tf.exp),
  unary("exp over a wide range", tf.exp, [-80, 80]),
  unary("log", tf.log, positive),
  unary("log over a wide range", tf.log, [1e-6, 1e6]),
  unary("sqrt", tf.sqrt, positive),
  unary("rsqrt", tf.rsqrt, positive),
  unary("square", tf.square),
  unary("reciprocal", tf.reciprocal, positive),
  unary("sin", tf.sin),
  unary("cos", tf.cos),
  unary("tanh", tf.tanh),
  unary("tanh where it is flat", tf.tanh, [-40, 40]),
  unary("sigmoid", tf.sigmoid),
  unary("sigmoid where it is flat", tf.sigmoid, [-40, 40]),
  unary("relu", tf.relu),
  unary("softplus", tf.softplus),
  unary("softplus where it is flat", tf.softplus, [-40, 40]),
  unary("clipByValue", (x) => tf.clipByValue(x, -1.1, 0.7)),
  unary("zerosLike", (x) => tf.add(x, tf.zerosLike(x))),
  unary("onesLike", (x) => tf.sub(tf.onesLike(x), x)),
  unary("fill", (x) => tf.mul(x, tf.fill(x.shape, 0.7))),
  unary("cast to integers", (x) => tf.cast(x, "int32")),
  unary("cast to booleans and back", (x) => tf.mul(x, tf.cast(tf.cast(x, "bool"), "float32"))),
  unary("where between integers", (x) =>
    tf.where(tf.greater(x, 0), tf.cast(x, "int32"), tf.scalar(2, "int32")),
  ),
  unary("sum of booleans", (x) => tf.sum(tf.greater(x, 0))),
];

/** A shape of at least one axis, and one of its axes, counted from either end. */
const shapeAndAxis = (minRank = 1): fc.Arbitrary<{ shape: number[]; axis: number }> =>
  anyShape({ minRank }).chain((shape) =>
    fc.integer({ min: -shape.length, max: shape.length - 1 }).map((axis) => ({ shape, axis })),
  );

const withLength = (shape: readonly number[], axis: number, length: number): number[] => {
  const changed = [...shape];
  changed[axis < 0 ? axis + shape.length : axis] = length;
  return changed;
};

const arrangingRows: readonly OperationRow[] = [
  {
    name: "reshape",
    domain: real,
    cases: anyShape().chain((shape) =>
      fc.shuffledSubarray(shape, { minLength: shape.length }).map((target) => ({
        shapes: [shape],
        build: (x: tf.Tensor) => tf.reshape(x, target),
      })),
    ),
  },
  {
    name: "reshape to a row and back through an operation",
    domain: real,
    cases: anyShape().map((shape) => ({
      shapes: [shape],
      build: (x) => tf.reshape(tf.tanh(tf.reshape(x, [1, -1])), shape),
    })),
  },
  {
    name: "expandDims and squeeze",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({
      shapes: [shape],
      build: (x) => tf.squeeze(tf.tanh(tf.expandDims(x, axis))),
    })),
  },
  {
    name: "broadcastTo",
    domain: real,
    cases: broadcastableShapes(2).map(([a, b]) => ({
      shapes: [a],
      build: (x) => tf.broadcastTo(x, tf.broadcast_util.assertAndGetBroadcastShape(a, b)),
    })),
  },
  {
    name: "transpose",
    domain: real,
    cases: anyShape().chain((shape) =>
      fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((permutation) => ({
        shapes: [shape],
        build: (x: tf.Tensor) => tf.transpose(x, permutation),
      })),
    ),
  },
  {
    name: "transpose twice",
    domain: real,
    cases: fc
      .tuple(
        anyShape({ minRank: 3, maxRank: 3 }),
        ...[0, 1].map(() => fc.shuffledSubarray([0, 1, 2], { minLength: 3 })),
      )
      .map(([shape, first, second]) => ({
        shapes: [shape],
        build: (x: tf.Tensor) => tf.transpose(tf.transpose(x, first), second),
      })),
  },
  {
    name: "slices of a slice, a broadcast and a concatenation",
    domain: real,
    cases: fc.tuple(fc.nat(1), fc.nat(2), fc.nat(1)).map(([i, j, k]) => ({
      shapes: [
        [4, 5],
        [1, 3],
        [2, 3],
      ],
      build: (x: tf.Tensor, row: tf.Tensor, y: tf.Tensor) => [
        tf.slice(tf.slice(x, [i, j], [3, 3]), [k, 1], [2, 1]),
        tf.slice(tf.broadcastTo(row, [4, 3]), [i, 0], [2, 3]),
        tf.slice(tf.broadcastTo(row, [4, 3]), [i, k], [2, 2]),
        tf.slice(tf.concat([y, row, y], 0), [i + j, k], [1, 2]),
        tf.slice(tf.concat([y, row, y], 0), [k, 0], [3, 3]),
      ],
    })),
  },
  {
    name: "concat",
    domain: real,
    cases: fc
      .tuple(shapeAndAxis(), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }))
      .map(([{ shape, axis }, lengths]) => ({
        shapes: lengths.map((length) => withLength(shape, axis, length)),
        build: (...parts) => tf.concat(parts, axis),
      })),
  },
  {
    name: "slice",
    domain: real,
    cases: anyShape({ minRank: 1 }).chain((shape) =>
      fc
        .tuple(
          ...shape.map((length) =>
            fc.tuple(fc.nat(length - 1), fc.nat(length - 1)).map((ends) => ends.sort()),
          ),
        )
        .map((boxes) => ({
          shapes: [shape],
          build: (x: tf.Tensor) =>
            tf.slice(
              x,
              boxes.map(([first]) => first),
              boxes.map(([first, last]) => last - first + 1),
            ),
        })),
    ),
  },
  {
    name: "slice to the end",
    domain: real,
    cases: anyShape({ minRank: 1 }).map((shape) => ({
      shapes: [shape],
      build: (x) =>
        tf.slice(
          x,
          shape.map((length) => length - 1),
          shape.map(() => -1),
        ),
    })),
  },
  {
    name: "pad",
    domain: real,
    cases: anyShape({ minRank: 1 }).chain((shape) =>
      fc
        .array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: shape.length, maxLength: shape.length })
        .map((margins) => ({
          shapes: [shape],
          build: (x: tf.Tensor) => tf.pad(x, margins, 0.3),
        })),
    ),
  },
  {
    name: "tile",
    domain: real,
    cases: anyShape({ minRank: 1 }).chain((shape) =>
      fc
        .array(fc.integer({ min: 1, max: 3 }), { minLength: shape.length, maxLength: shape.length })
        .map((reps) => ({
          shapes: [shape],
          build: (x: tf.Tensor) => tf.tile(x, reps),
        })),
    ),
  },
  {
    name: "stack",
    domain: real,
    cases: anyShape({ maxRank: 2 }).chain((shape) =>
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: shape.length }))
        .map(([count, axis]) => ({
          shapes: new Array<Shape>(count).fill(shape),
          build: (...parts: tf.Tensor[]) => tf.stack(parts, axis),
        })),
    ),
  },
  {
    name: "unstack",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({ shapes: [shape], build: (x) => tf.unstack(x, axis) })),
  },
  {
    name: "split in equal parts",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({
      shapes: [withLength(shape, axis, 4)],
      build: (x) => tf.split(x, 2, axis),
    })),
  },
  {
    name: "split by lengths",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({
      shapes: [withLength(shape, axis, 4)],
      build: (x) => tf.split(x, [1, -1, 2], axis),
    })),
  },
];

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

const contractingRows: readonly OperationRow[] = [
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

/** One row per operation that can be traced, with every attribute that it takes. */
export const operationRows: readonly OperationRow[] = [
  ...elementwiseRows,
  ...arrangingRows,
  ...contractingRows,
];

const operandNames = ["a", "b", "c", "d"];

/** The operands' names with what belongs to them. */
export function named<T>(operands: readonly T[]): Record<string, T> {
  return Object.fromEntries(operands.map((operand, i) => [operandNames[i], operand]));
}

/** A case as a graph of inputs a, b, ... and outputs y0, y1, .... */
export function graphOf({ shapes, build }: OperationCase): Graph {
  return trace({ inputs: named(shapes) }, (read) => ({
    outputs: outputsOf(build(...shapes.map((_, i) => read[operandNames[i]]))),
  }));
}

/** What a case returns under the names y0, y1, .... */
export function outputsOf(results: tf.Tensor | tf.Tensor[]): Record<string, tf.Tensor> {
  const list = Array.isArray(results) ? results : [results];
  return Object.fromEntries(list.map((result, i) => [`y${i}`, result]));
}
