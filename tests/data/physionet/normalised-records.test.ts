import fc from "fast-check";
import { expect, test } from "vitest";
import { observedMeans } from "../../../src/data/physionet/hourly-means.js";
import { normalisedRecords, valueInUnit } from "../../../src/data/physionet/normalised-records.js";
import { meansOf, someObserved } from "./records.js";

const about = { source: "generated", description: "made up for a test" } as const;

test("the grid is observed where there is a mean, and only there; the means can be had back in their unit", () => {
  fc.assert(
    fc.property(someObserved, (observations) => {
      const means = meansOf(observations);
      const records = normalisedRecords(means, about);
      expect([records.count, records.times.length, records.features.length]).toEqual([means.length, 49, 37]);
      expect([...records.ids]).toEqual(means.map(({ id }) => id));
      for (const [position, record] of means.entries()) {
        const grid = records.values.subarray(position * 49 * 37, (position + 1) * 49 * 37);
        const observed = records.observed.subarray(position * 49 * 37, (position + 1) * 49 * 37);
        expect([...observed.keys()].filter((cell) => observed[cell] === 1)).toEqual([...record.cells]);
        expect(grid.every((value, cell) => observed[cell] === 1 || value === 0)).toBe(true);
        for (const [i, cell] of record.cells.entries()) {
          const feature = records.features[cell % 37];
          const rounding = 1e-6 * Math.max(Math.abs(feature.maximum), Math.abs(feature.minimum), 1);
          expect(Math.abs(valueInUnit(grid[cell], feature) - record.means[i])).toBeLessThanOrEqual(rounding);
        }
      }
    }),
  );
});

test("the minimum becomes 0 and the maximum 1 - minimum / maximum, as in the reference", () => {
  const grid = (value: number) => {
    const cells = new Float64Array(49 * 37).fill(Number.NaN);
    cells[5] = value;
    return cells;
  };
  const records = normalisedRecords([observedMeans(1, grid(20)), observedMeans(2, grid(50))], about);
  expect([records.values[5], records.values[49 * 37 + 5]]).toEqual([0, Math.fround(0.6)]);
  const zeros = normalisedRecords([observedMeans(1, grid(-4)), observedMeans(2, grid(0))], about);
  expect([zeros.values[5], zeros.values[49 * 37 + 5]]).toEqual([0, 4]);
});
