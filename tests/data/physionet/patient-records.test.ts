import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type PatientRecords,
  selectRecords,
  splitRecords,
} from "../../../src/data/physionet/patient-records.js";
import { comparable, recordAt, recordsOf, someObserved } from "./records.js";

test("a selection holds copies of the records at the positions, in their order", () => {
  fc.assert(
    fc.property(someObserved, fc.array(fc.nat(), { maxLength: 9 }), (observed, places) => {
      const records = recordsOf(observed);
      const positions = places.map((place) => place % records.count);
      const selected = selectRecords(records, positions);
      expect(selected.count).toBe(positions.length);
      for (const [i, position] of positions.entries()) {
        expect(recordAt(selected, i)).toEqual(recordAt(records, position));
      }
      expect(selected.values.buffer).not.toBe(records.values.buffer);
      expect(selected.features).toBe(records.features);
    }),
    { numRuns: 50 },
  );
});

describe("a split", () => {
  const manyRecords = (count: number): PatientRecords => ({
    source: "generated",
    description: "made up for a test",
    count,
    ids: Int32Array.from({ length: count }, (_, i) => 7 * i),
    times: [0],
    features: [{ name: "HR", meaning: "heart rate", unit: "1/min", minimum: 0, maximum: 1 }],
    values: Float32Array.from({ length: count }, (_, i) => i),
    observed: new Uint8Array(count).fill(1),
  });

  test("has every record once, whole, in one of the parts", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 500 }),
        fc.nat(),
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        (count, seed, trainShare) => {
          const { train, test } = splitRecords(manyRecords(count), { seed, trainShare });
          expect(train.count).toBe(Math.round(trainShare * count));
          const ids = [...train.ids, ...test.ids];
          expect(ids.sort((a, b) => a - b)).toEqual([...manyRecords(count).ids]);
          for (const part of [train, test])
            expect([...part.values].map((value) => 7 * value)).toEqual([...part.ids]);
        },
      ),
    );
  });

  test("is known by its seed alone, and takes from everywhere", () => {
    const records = manyRecords(1000);
    const [first, again, other] = [1, 1, 2].map((seed) => splitRecords(records, { seed }));
    expect(comparable(first.train)).toEqual(comparable(again.train));
    expect(first.train.ids).not.toEqual(other.train.ids);
    expect(first.train.count).toBe(800);
    // of 200 test records, expect 100 in either half, with a standard deviation of 6
    const early = first.test.ids.filter((id) => id < 3500).length;
    expect(Math.abs(early - 100)).toBeLessThan(32);
  });

  test("that leaves a part empty is refused", () => {
    for (const trainShare of [0, 1, -1, 2, Number.NaN, 0.01]) {
      expect(() => splitRecords(manyRecords(10), { trainShare })).toThrow(
        `trainShare ${trainShare} of 10 records`,
      );
    }
  });
});
