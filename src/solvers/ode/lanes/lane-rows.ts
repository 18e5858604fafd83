import { entryOf, type NdArray, ndArray, stacked } from "../../../compiler/nd-array.js";
import type { Target, Value } from "../../../compiler/targets/target.js";

/** One lane's row of arrays that have a leading axis of lanes and behind it one of length 1; copied, in its own shape. */
export function rowOf(arrays: readonly NdArray[], lane: number): NdArray[] {
  return arrays.map((array) => {
    const { shape, data } = entryOf(array, lane);
    return ndArray(shape.slice(1), data.slice());
  });
}

/** The first entries along the leading axis, sharing the data. */
export function firstEntries({ shape: [length, ...row], data }: NdArray, count: number): NdArray {
  return ndArray([count, ...row], length === 0 ? data : data.subarray(0, (data.length / length) * count));
}

/** Copies one entry of the leading axis of each array to a place in others; hundreds of lanes make no arrays for that. */
export function copyEntries(
  from: readonly NdArray[],
  entry: number,
  to: readonly NdArray[],
  place: number,
): void {
  from.forEach(({ shape: [length], data }, leaf) => {
    const size = data.length / length;
    const target = to[leaf].data;
    for (let i = 0; i < size; i++) target[place * size + i] = data[entry * size + i];
  });
}

/** Rows of all lanes as arrays, which have an axis of length 1 behind that of the lanes. */
export function rowsTogether(rows: readonly (readonly NdArray[])[]): NdArray[] {
  return rows[0].map(({ shape }, leaf) => {
    const leaves = rows.map((row) => row[leaf]);
    const { data } = stacked(shape, leaves);
    return ndArray([rows.length, 1, ...shape], data);
  });
}

/** Arrays in which one row is that of another lane. */
export function withRow(arrays: readonly NdArray[], lane: number, from: number): NdArray[] {
  return arrays.map((array) => {
    const data = array.data.slice();
    data.set(entryOf(array, from).data, lane * entryOf(array, lane).data.length);
    return ndArray(array.shape, data);
  });
}

/** The arrays of values. */
export function arraysOf(target: Target, values: readonly Value[]): NdArray[] {
  return values.map((value) => target.get(value));
}
