import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { sizeOf, stridesOf } from "../../src/compiler/shape.js";

/** The element of an array at an index, 0 outside. */
export function at({ shape, data }: NdArray, ...index: number[]): number {
  if (index.some((i, axis) => i < 0 || i >= shape[axis])) return 0;
  const strides = stridesOf(shape);
  return data[index.reduce((sum, i, axis) => sum + i * strides[axis], 0)];
}

/** An array whose element at each index is what a function gives. */
export function arrayOf(shape: readonly number[], element: (...index: number[]) => number): NdArray {
  const strides = stridesOf(shape);
  const indexAt = (place: number): number[] =>
    shape.map((length, axis) => Math.floor(place / strides[axis]) % length);
  return ndArray(
    shape,
    Float64Array.from({ length: sizeOf(shape) }, (_, place) => element(...indexAt(place))),
  );
}

/** Sum over whole numbers from 0 to below each length. */
export function sumOver(lengths: readonly number[], term: (...index: number[]) => number): number {
  return Array.from(arrayOf(lengths, term).data).reduce((sum, value) => sum + value, 0);
}
