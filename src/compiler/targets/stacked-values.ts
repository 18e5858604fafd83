import { type NdArray, ndArray } from "../nd-array.js";
import { type Shape, sizeOf } from "../shape.js";
import type { Target, Value } from "./target.js";

/** Values of one shape on the host, as one array with a leading axis; of no values, an empty one. */
export function stackedValues(target: Target, shape: Shape, values: readonly Value[]): NdArray {
  const size = sizeOf(shape);
  const count = values.length * size;
  const data = target.precision === "float32" ? new Float32Array(count) : new Float64Array(count);
  values.forEach((value, i) => {
    if (target.getInto) target.getInto(value, data, i * size);
    else data.set(target.get(value).data, i * size);
  });
  return ndArray([values.length, ...shape], data);
}
