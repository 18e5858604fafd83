import fc from "fast-check";
import { Random } from "../../../src/compiler/random.js";
import { hoursPerRecord, type PatientRecords } from "../../../src/data/physionet/patient-records.js";

/** Records of a few series with random values, a part of which is observed; the first record is empty. */
export function madeUpRecords(count: number, series: number, seed: number): PatientRecords {
  const random = new Random(seed);
  const cells = count * hoursPerRecord * series;
  const first = hoursPerRecord * series;
  const observed = Uint8Array.from({ length: cells }, (_, i) => Number(i >= first && random.uniform() < 0.3));
  return {
    source: "generated",
    description: "made up for a test",
    count,
    ids: Int32Array.from({ length: count }, (_, i) => i + 1),
    times: Array.from({ length: hoursPerRecord }, (_, hour) => hour),
    features: Array.from({ length: series }, (_, i) => ({
      name: `series ${i}`,
      meaning: "",
      unit: "",
      minimum: 0,
      maximum: 1,
    })),
    values: Float32Array.from({ length: cells }, (_, i) => observed[i] * random.normal()),
    observed,
  };
}

/** Any few such records. */
export const smallRecords = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.nat())
  .map(([count, series, seed]) => madeUpRecords(count, series, seed));
