import fc from "fast-check";
import { type HourlyMeans, observedMeans } from "../../../src/data/physionet/hourly-means.js";
import { normalisedRecords } from "../../../src/data/physionet/normalised-records.js";
import type { PatientRecords } from "../../../src/data/physionet/patient-records.js";

/** What was observed of one record: cells of its grid, each with a value. */
type Observed = readonly (readonly [cell: number, value: number])[];

/** Observations of a few records, to make {@link meansOf} or {@link recordsOf} of. */
export const someObserved: fc.Arbitrary<Observed[]> = fc.array(
  fc.array(
    fc.tuple(
      fc.nat({ max: 49 * 37 - 1 }),
      fc.integer({ min: -200, max: 200_000 }).map((tenths) => tenths / 10),
    ),
    { maxLength: 40 },
  ),
  { minLength: 1, maxLength: 5 },
);

/** Hourly means of records 100, 103, 106 and so on. */
export function meansOf(records: readonly Observed[]): HourlyMeans[] {
  return records.map((observed, i) => {
    const grid = new Float64Array(49 * 37).fill(Number.NaN);
    for (const [cell, value] of observed) grid[cell] = value;
    return observedMeans(100 + 3 * i, grid);
  });
}

/** The same, normalised by their own extremes. */
export function recordsOf(records: readonly Observed[]): PatientRecords {
  return normalisedRecords(meansOf(records), { source: "generated", description: "made up for a test" });
}

/** Records with their arrays as text, which is compared a hundred times as fast. */
export function comparable({ values, observed, ...rest }: PatientRecords) {
  return { ...rest, values: textOf(values), observed: textOf(observed) };
}

/** One record of several, comparable. */
export function recordAt({ ids, values, observed }: PatientRecords, position: number) {
  const cells = [position * 49 * 37, (position + 1) * 49 * 37] as const;
  return [ids[position], textOf(values.subarray(...cells)), textOf(observed.subarray(...cells))];
}

function textOf({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
