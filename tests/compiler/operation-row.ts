import type * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import type { Shape } from "../../src/compiler/shape.js";
import { anyShape } from "../laws/numbers.js";

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

/** Where most operations are at home. */
export const real = [-3, 3] as const;
/** Where roots, logarithms and quotients are. */
export const positive = [0.3, 3] as const;

/** A shape of at least one axis, and one of its axes, counted from either end. */
export const shapeAndAxis = (minRank = 1): fc.Arbitrary<{ shape: number[]; axis: number }> =>
  anyShape({ minRank }).chain((shape) =>
    fc.integer({ min: -shape.length, max: shape.length - 1 }).map((axis) => ({ shape, axis })),
  );
