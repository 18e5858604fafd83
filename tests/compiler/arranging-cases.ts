import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import type { Shape } from "../../src/compiler/shape.js";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";
import { type OperationRow, real, shapeAndAxis } from "./operation-row.js";

const withLength = (shape: readonly number[], axis: number, length: number): number[] => {
  const changed = [...shape];
  changed[axis < 0 ? axis + shape.length : axis] = length;
  return changed;
};

/** Operations that move elements. */
export const arrangingRows: readonly OperationRow[] = [
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
