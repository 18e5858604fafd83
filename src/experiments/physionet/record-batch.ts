import { type NdArray, ndArray } from "../../compiler/nd-array.js";
import type { PatientRecords } from "../../data/physionet/patient-records.js";

/**
 * The records at the given positions as a model reads them, of shape [hours, records, 2 features]: an hour's values, then
 * whether each was observed, 1 or 0.
 */
export function recordBatch(
  { times, features, values, observed }: PatientRecords,
  positions: ArrayLike<number>,
): NdArray {
  const hours = times.length;
  const { length: columns } = features;
  const { length: batch } = positions;
  const data = new Float32Array(hours * batch * 2 * columns);
  for (let i = 0; i < batch; i++) {
    for (let hour = 0; hour < hours; hour++) {
      const from = (positions[i] * hours + hour) * columns;
      const to = (hour * batch + i) * 2 * columns;
      data.set(values.subarray(from, from + columns), to);
      data.set(observed.subarray(from, from + columns), to + columns);
    }
  }
  return ndArray([hours, batch, 2 * columns], data);
}
