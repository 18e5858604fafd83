import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { sizeOf } from "../../src/compiler/shape.js";

type Arrays = Readonly<Record<string, NdArray>>;

/** Inner products, array by array. */
export function innerProducts(a: Arrays, b: Arrays): number[] {
  return Object.entries(a).map(([name, { data }]) => {
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i] * b[name].data[i];
    return sum;
  });
}

/** Standard normal numbers of the arrays' shapes. */
export function randomDirection(of: Arrays, seed: number): Arrays {
  const random = new Random(seed);
  return Object.fromEntries(
    Object.entries(of).map(([name, { shape }]) => [
      name,
      ndArray(
        shape,
        Float64Array.from({ length: sizeOf(shape) }, () => random.normal()),
      ),
    ]),
  );
}

/** Arrays moved along a direction, those that it names. */
export function movedAlong(arrays: Arrays, direction: Arrays, distance: number): Arrays {
  const shift = ({ shape, data }: NdArray, by: NdArray): NdArray =>
    ndArray(
      shape,
      data.map((value, i) => value + distance * by.data[i]),
    );
  return Object.fromEntries(
    Object.entries(arrays).map(([name, value]) => [
      name,
      direction[name] ? shift(value, direction[name]) : value,
    ]),
  );
}
