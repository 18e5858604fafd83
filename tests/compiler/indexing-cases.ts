import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { anyShape } from "../laws/numbers.js";
import { type OperationRow, real, shapeAndAxis } from "./operation-row.js";

const integers = (list: readonly number[], shape: number[] = [list.length]): tf.Tensor =>
  tf.tensor([...list], shape, "int32");

/** A list of integers from 0 to below a length. */
const anyIndices = (length: number, count?: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(length - 1), { minLength: count ?? 1, maxLength: count ?? 4 });

/** Shapes with an axis, counted from either end, and indices along it. */
const shapeAxisAndIndices = shapeAndAxis().chain(({ shape, axis }) =>
  anyIndices(shape[axis < 0 ? axis + shape.length : axis]).map((indices) => ({ shape, axis, indices })),
);

/** The same indices, but not known before the program runs: they are the given ones plus a half, as reals. */
const computed = (indices: readonly number[], zeros: tf.Tensor): tf.Tensor =>
  tf.cast(tf.add(tf.add(integers(indices), 0.5), tf.mul(zeros, 0.1)), "int32");

/** Operations that pick, place or add up elements by integer indices. */
export const indexingRows: readonly OperationRow[] = [
  {
    name: "gather",
    note: "an index that is known must be inside the axis, one that is computed is moved into it",
    domain: real,
    cases: shapeAxisAndIndices.map(({ shape, axis, indices }) => ({
      shapes: [shape],
      build: (x) => tf.gather(x, integers(indices), axis),
    })),
  },
  {
    name: "gather",
    variant: "by a table of indices",
    domain: real,
    cases: anyIndices(3, 4).map((indices) => ({
      shapes: [[2, 3, 2]],
      build: (x) => tf.gather(x, integers(indices, [2, 2]), 1),
    })),
  },
  {
    name: "gather",
    variant: "by computed indices",
    domain: real,
    cases: shapeAxisAndIndices.map(({ shape, axis, indices }) => ({
      shapes: [shape, [indices.length]],
      build: (x, zeros) => tf.gather(x, computed(indices, zeros), axis),
    })),
  },
  {
    name: "gather",
    variant: "in batches",
    domain: real,
    cases: fc.tuple(anyIndices(3, 8), fc.constantFrom(1, 2)).map(([indices, axis]) => ({
      shapes: [axis === 1 ? [2, 3, 2] : [2, 2, 3]],
      build: (x) => tf.gather(x, integers(indices, [2, 2, 2]), axis, 1),
    })),
  },
  {
    name: "gather",
    variant: "by computed indices outside the axis",
    domain: real,
    cases: anyIndices(9, 4).map((indices) => ({
      shapes: [[2, 3, 2], [4]],
      build: (x, zeros) => {
        const places = tf.sub(computed(indices, zeros), tf.scalar(3, "int32"));
        return [tf.gather(x, places, 1), tf.gather(x, tf.reshape(places, [2, 2]), 1, 1)];
      },
      // tfjs would throw
      expected: (x) => {
        const places = integers(indices.map((index) => Math.min(Math.max(index - 3, 0), 2)));
        return [tf.gather(x, places, 1), tf.gather(x, tf.reshape(places, [2, 2]), 1, 1)];
      },
    })),
  },
  {
    name: "gatherND",
    domain: real,
    cases: fc.tuple(anyIndices(2, 3), anyIndices(3, 3)).map(([rows, columns]) => ({
      shapes: [[2, 3, 2]],
      build: (x) => tf.gatherND(x, tf.stack([integers(rows), integers(columns)], 1)),
    })),
  },
  {
    name: "oneHot",
    domain: [-1, 4],
    cases: anyShape({ minRank: 1, maxRank: 2 }).map((shape) => ({
      shapes: [shape],
      operands: (x) => [tf.cast(x, "int32")],
      build: (indices) => tf.oneHot(indices, 3, 0.9, 0.1, "float32"),
    })),
  },
  {
    name: "unsortedSegmentSum",
    domain: real,
    note: "an id outside the segments leaves its element out",
    cases: fc.tuple(anyShape({ maxRank: 2 }), anyIndices(5)).map(([inner, ids]) => ({
      shapes: [[ids.length, ...inner]],
      build: (x) => tf.unsortedSegmentSum(x, integers(ids) as tf.Tensor1D, 3),
    })),
  },
  {
    name: "unsortedSegmentSum",
    variant: "by computed ids",
    domain: real,
    cases: fc.tuple(anyShape({ maxRank: 2 }), anyIndices(5)).map(([inner, ids]) => ({
      shapes: [[ids.length, ...inner], [ids.length]],
      build: (x, zeros) => tf.unsortedSegmentSum(x, computed(ids, zeros) as tf.Tensor1D, 3),
    })),
  },
];
