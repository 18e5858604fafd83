import { entryOf, type NdArray, ndArray, stacked } from "../../../compiler/nd-array.js";
import type { Target, Value } from "../../../compiler/targets/target.js";

/** One lane's row of arrays that have a leading axis of lanes and behind it one of length 1; copied, in its own shape. */
export function rowOf(arrays: readonly NdArray[], lane: number): NdArray[] {
  return arrays.map((array) => {
    const { shape, data } = entryOf(array, lane);
    return ndArray(shape.slice(1), data.slice());
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
