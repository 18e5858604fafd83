import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { type Shape, sizeOf, withLength } from "../../src/compiler/shape.js";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";
import { type OperationRow, real, shapeAndAxis } from "./operation-row.js";

/** A shape with another length along an axis, which may be counted from the end. */
const resized = (shape: readonly number[], axis: number, length: number): number[] =>
  withLength(shape, axis < 0 ? axis + shape.length : axis, length);

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
    name: "reshape",
    variant: "to a row and back through an operation",
    domain: real,
    cases: anyShape().map((shape) => ({
      shapes: [shape],
      build: (x) => tf.reshape(tf.tanh(tf.reshape(x, [1, -1])), shape),
    })),
  },
  {
    name: "expandDims",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({
      shapes: [shape],
      build: (x) => tf.expandDims(x, axis),
    })),
  },
  {
    name: "squeeze",
    domain: real,
    cases: anyShape().map((shape) => ({ shapes: [shape], build: (x) => tf.squeeze(x) })),
  },
  {
    name: "squeeze",
    variant: "of what was expanded",
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
    name: "transpose",
    variant: "twice",
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
    name: "slice",
    variant: "of a slice, a broadcast and a concatenation",
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
        shapes: lengths.map((length) => resized(shape, axis, length)),
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
    name: "slice",
    variant: "to the end",
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
    name: "stridedSlice",
    domain: real,
    cases: anyShape({ minRank: 1, maxLength: 5 }).chain((shape) => {
      const bits = fc.nat(2 ** shape.length - 1);
      const places = fc.tuple(...shape.map((length) => fc.integer({ min: -length, max: length })));
      const strides = fc.tuple(...shape.map(() => fc.constantFrom(1, 2, 3, -1, -2)));
      return fc
        .tuple(places, places, strides, bits, bits)
        .filter(([begin, end, steps, beginMask, endMask]) => {
          const { finalShape } = tf.slice_util.sliceInfo(
            shape,
            begin,
            end,
            steps,
            beginMask,
            endMask,
            0,
            0,
            0,
          );
          return sizeOf(finalShape) > 0;
        })
        .map(([begin, end, steps, beginMask, endMask]) => ({
          shapes: [shape],
          build: (x: tf.Tensor) => tf.stridedSlice(x, begin, end, steps, beginMask, endMask),
        }));
    }),
  },
  {
    name: "stridedSlice",
    variant: "with masks of every kind",
    domain: real,
    cases: fc
      .tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1), fc.constantFrom(1, 2, -1))
      .map(([ellipsisMask, shrink, stride]) => ({
        shapes: [[3, 4, 3]],
        build: (x: tf.Tensor) => {
          const shrinkAxisMask = ellipsisMask === 1 ? 0 : shrink;
          const [begin, end] = stride < 0 ? [2, 0] : [0, 2];
          return tf.stridedSlice(
            x,
            [begin, 0, 1],
            [end, 2, 3],
            [shrinkAxisMask ? 1 : stride, 1, 1],
            0,
            4,
            ellipsisMask,
            ellipsisMask === 0 ? 2 : 0,
            shrinkAxisMask,
          );
        },
      })),
  },
  {
    name: "stridedSlice",
    variant: "of a strided slice, a broadcast and a concatenation",
    domain: real,
    cases: fc.tuple(fc.nat(1), fc.constantFrom(2, -2), fc.constantFrom(1, -1)).map(([from, p, q]) => {
      const spread = (x: tf.Tensor, stride: number): tf.Tensor =>
        tf.stridedSlice(x, [stride < 0 ? -1 - from : from], [0], [stride], 0, 1);
      return {
        shapes: [
          [7, 2],
          [1, 2],
        ],
        build: (x: tf.Tensor, row: tf.Tensor) => [
          spread(spread(x, p), q),
          spread(tf.broadcastTo(row, [5, 2]), p),
          spread(tf.slice(tf.concat([row, x, row]), [1, 0], [7, 2]), p),
          spread(tf.concat([row, x, row]), p),
        ],
      };
    }),
  },
  {
    name: "reverse",
    domain: real,
    cases: anyShape({ minRank: 1 }).chain((shape) =>
      fc.subarray([...shape.keys()], { minLength: 1 }).map((axes) => ({
        shapes: [shape],
        build: (x: tf.Tensor) => tf.reverse(x, axes),
      })),
    ),
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
    name: "mirrorPad",
    domain: real,
    cases: fc.constantFrom("reflect" as const, "symmetric" as const).chain((mode) =>
      anyShape({ minRank: 1 }).chain((shape) => {
        const largest = (length: number): number => length - (mode === "reflect" ? 1 : 0);
        const margin = (length: number) => fc.tuple(fc.nat(largest(length)), fc.nat(largest(length)));
        return fc.tuple(...shape.map(margin)).map((margins) => ({
          shapes: [shape],
          build: (x: tf.Tensor) => tf.mirrorPad(x, margins as [number, number][], mode),
        }));
      }),
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
    name: "split",
    variant: "in equal parts",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({
      shapes: [resized(shape, axis, 4)],
      build: (x) => tf.split(x, 2, axis),
    })),
  },
  {
    name: "split",
    variant: "by lengths",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({
      shapes: [resized(shape, axis, 4)],
      build: (x) => tf.split(x, [1, -1, 2], axis),
    })),
  },
];
