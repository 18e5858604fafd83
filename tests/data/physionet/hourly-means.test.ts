import fc from "fast-check";
import { expect, test } from "vitest";
import { hourlyMeans, nearestHour } from "../../../src/data/physionet/hourly-means.js";

test("an hour holds the half hour before and after it; half hours go to the even hour", () => {
  for (let minute = 0; minute <= 2880; minute++) {
    const hour = nearestHour(minute);
    expect(Number.isInteger(hour)).toBe(true);
    expect(Math.abs(minute - 60 * hour)).toBeLessThanOrEqual(30);
    if (minute % 60 === 30) expect(hour % 2).toBe(0);
  }
  // Python: [round(m / 60) for m in (30, 90, 150, 2850, 2880)]
  expect([30, 90, 150, 2850, 2880].map(nearestHour)).toEqual([0, 2, 2, 48, 48]);
});

test("a cell holds the mean of its observations, in whatever order they come, and only observed cells exist", () => {
  const observation = fc.record({
    minute: fc.integer({ min: 0, max: 2880 }),
    feature: fc.nat({ max: 36 }),
    value: fc.integer({ min: -20, max: 20_000 }),
  });
  const crowded = fc.record({
    minute: fc.nat({ max: 100 }),
    feature: fc.nat({ max: 2 }),
    value: fc.nat({ max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(observation, crowded), { maxLength: 60 }), (observations) => {
      const { id, cells, means } = hourlyMeans(7, observations);
      expect(id).toBe(7);
      expect([...cells]).toEqual([...new Set(cells)].sort((a, b) => a - b));
      let counted = 0;
      for (const [i, cell] of cells.entries()) {
        const values = observations
          .filter(
            ({ minute, feature }) => nearestHour(minute) === Math.floor(cell / 37) && feature === cell % 37,
          )
          .map(({ value }) => value);
        counted += values.length;
        expect(means[i]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 8);
      }
      expect(counted).toBe(observations.length);
    }),
  );
});
