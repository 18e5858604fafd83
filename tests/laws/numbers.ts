import fc from "fast-check";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { type Shape, sizeOf } from "../../src/compiler/shape.js";

/**
 * Arrays whose elements, all together, are different numbers spread evenly over an interval: no ties and no element
 * close to another, so that maxima and comparisons keep their outcome under small changes. All are float32 numbers,
 * so that every precision starts from the same.
 */
export function distinctArrays(
  shapes: readonly Shape[],
  [low, high]: readonly [number, number],
  seed: number,
) {
  const total = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  const order = new Random(seed).permutation(total);
  let next = 0;
  return shapes.map((shape): NdArray => {
    const numbers = Float64Array.from({ length: sizeOf(shape) }, () => {
      // off the middle of its part of the interval: never 0 in an interval around 0
      return Math.fround(low + ((high - low) * (order[next++] + 0.37)) / total);
    });
    return ndArray(shape, numbers);
  });
}

/** Arrays of -1, 0 and 1: full of ties and zeros. */
export function coarseArrays(shapes: readonly Shape[], seed: number): NdArray[] {
  const random = new Random(seed);
  return shapes.map((shape) =>
    ndArray(
      shape,
      Float64Array.from({ length: sizeOf(shape) }, () => random.integer(3) - 1),
    ),
  );
}

/** Arrays of standard normal numbers. */
export function normalArrays(shapes: readonly Shape[], seed: number): NdArray[] {
  const random = new Random(seed);
  return shapes.map((shape) =>
    ndArray(
      shape,
      Float64Array.from({ length: sizeOf(shape) }, () => random.normal()),
    ),
  );
}

/** Seeds for the above. */
export const anySeed = fc.integer({ min: 0, max: 2 ** 31 });

/** Shapes of up to `maxRank` axes of 1 to `maxLength`. */
export const anyShape = ({ minRank = 0, maxRank = 3, maxLength = 3 } = {}): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: maxLength }), { minLength: minRank, maxLength: maxRank });

/** A shape, and `count` shapes that broadcast to it: leading axes left out, others of length 1. */
export const broadcastableShapes = (count: number): fc.Arbitrary<number[][]> =>
  anyShape().chain((shape) => {
    const part = fc
      .tuple(
        fc.nat(shape.length),
        fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      )
      .map(([from, repeated]) => shape.map((length, axis) => (repeated[axis] ? 1 : length)).slice(from));
    return fc.tuple(...new Array(count).fill(fc.oneof(fc.constant(shape), part))) as fc.Arbitrary<number[][]>;
  });
