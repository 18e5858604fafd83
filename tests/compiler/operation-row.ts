import type * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import type { Shape } from "../../src/compiler/shape.js";
import { anyShape } from "../laws/numbers.js";

type Call = (...operands: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** A use of an operation: shapes of what it reads, and the tfjs call. */
export interface OperationCase {
  readonly shapes: readonly Shape[];
  /** Makes the operands from real inputs, where they are not these themselves: booleans, integers, divisors. */
  readonly operands?: (...inputs: tf.Tensor[]) => tf.Tensor[];
  readonly build: Call;
  /** The same by other operations, where tfjs itself gets it wrong. */
  readonly expected?: Call;
}

/** An operation, the interval from which its operands are taken, and its uses. */
export interface OperationRow {
  /** The name of the tfjs function. */
  readonly name: string;
  /** What is special about these uses, as it follows the name: "where it is flat". */
  readonly variant?: string;
  /** What the operations' documentation adds. */
  readonly note?: string;
  readonly domain: readonly [number, number];
  readonly cases: fc.Arbitrary<OperationCase>;
}

/** "exp over a wide range". */
export const rowText = ({ name, variant }: OperationRow): string =>
  variant === undefined ? name : `${name} ${variant}`;

/** Where most operations are at home. */
export const real = [-3, 3] as const;
/** Where roots, logarithms and quotients are. */
export const positive = [0.3, 3] as const;

/** A shape of at least one axis, and one of its axes, counted from either end. */
export const shapeAndAxis = (minRank = 1): fc.Arbitrary<{ shape: number[]; axis: number }> =>
  anyShape({ minRank }).chain((shape) =>
    fc.integer({ min: -shape.length, max: shape.length - 1 }).map((axis) => ({ shape, axis })),
  );

/** What may vary among the uses of an operation of one operand or two, beside the shapes. */
export type RowOptions = Partial<Omit<OperationRow, "name" | "cases">> & Pick<OperationCase, "operands">;
