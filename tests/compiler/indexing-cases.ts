import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { type OperationRow, real, shapeAndAxis } from "./operation-row.js";

const anyIndices = (length: number) =>
  fc.array(fc.nat(length - 1), { minLength: 1, maxLength: 4 }).map((list) => tf.tensor1d(list, "int32"));

/** Operations that pick elements by their index, and that run along an axis. */
export const indexingRows: readonly OperationRow[] = [
  {
    name: "reverse",
    domain: real,
    cases: shapeAndAxis().map(({ shape, axis }) => ({ shapes: [shape], build: (x) => tf.reverse(x, axis) })),
  },
  {
    name: "gather",
    domain: real,
    cases: shapeAndAxis().chain(({ shape, axis }) =>
      anyIndices(shape[axis < 0 ? axis + shape.length : axis]).map((indices) => ({
        shapes: [shape],
        build: (x: tf.Tensor) => tf.gather(x, indices, axis),
      })),
    ),
  },
  {
    name: "gather by computed indices",
    domain: real,
    cases: shapeAndAxis().chain(({ shape, axis }) =>
      anyIndices(shape[axis < 0 ? axis + shape.length : axis]).map((indices) => ({
        shapes: [shape, [indices.size]],
        build: (x: tf.Tensor, zero: tf.Tensor) =>
          tf.gather(x, tf.add(indices, tf.cast(tf.mul(zero, 0.1), "int32")), axis),
      })),
    ),
  },
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
];
