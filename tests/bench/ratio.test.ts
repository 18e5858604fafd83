import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FEWEST_VALUES, lowerRank, medianOf, medianWithInterval } from "../../bench/ratio.js";

const times = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), {
  minLength: FEWEST_VALUES,
  maxLength: 40,
});

/** Of all 2^n ways in which n values can lie below or above the median: the share in which the two ranks enclose it. */
function coverageByEnumeration(count: number, rank: number): number {
  let enclosed = 0;
  for (let pattern = 0; pattern < 2 ** count; pattern++) {
    const below = pattern.toString(2).replaceAll("0", "").length;
    if (below >= rank && count - below >= rank) enclosed++;
  }
  return enclosed / 2 ** count;
}

describe("the rank of the interval's ends", () => {
  test.each([6, 7, 8, 9, 10, 11, 12, 13, 14, 15])(
    "is the narrowest that covers the median of %i values",
    (count) => {
      const rank = lowerRank(count);
      expect(coverageByEnumeration(count, rank)).toBeGreaterThanOrEqual(0.95);
      expect(coverageByEnumeration(count, rank + 1)).toBeLessThan(0.95);
    },
  );

  test("agrees with the normal approximation for many values", () => {
    // Hollander, Wolfe and Chicken, Nonparametric Statistical Methods (2014), equation 3.28
    for (const count of [100, 200, 400, 800]) {
      expect(Math.abs(lowerRank(count) - (count / 2 - 0.98 * Math.sqrt(count)))).toBeLessThan(1.5);
    }
  });
});

describe("median and interval", () => {
  test("as many values lie below the median as above, and the interval encloses it", () => {
    fc.assert(
      fc.property(times, (values) => {
        const { median, interval } = medianWithInterval(values);
        expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
        expect(interval[0]).toBeLessThanOrEqual(median);
        expect(interval[1]).toBeGreaterThanOrEqual(median);
      }),
    );
  });

  test("do not depend on the order of the values, and scale with them", () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -8, max: 8 }), (values, exponent) => {
        const scale = 2 ** exponent; // exact in floating point
        const { median, interval } = medianWithInterval(values);
        const changed = medianWithInterval([...values].reverse().map((value) => scale * value));
        expect(changed).toEqual({ median: scale * median, interval: interval.map((bound) => scale * bound) });
      }),
    );
  });

  test("one wild value moves the median no further than to its neighbour", () => {
    fc.assert(
      fc.property(times, fc.double({ min: 1e6, max: 1e9, noNaN: true }), (values, wild) => {
        const sorted = [...values].sort((a, b) => a - b);
        expect(medianOf([...values, wild])).toBeLessThanOrEqual(sorted[(values.length + 1) >> 1]);
      }),
    );
  });

  test("too few values, or one that is no number, are refused with a sentence", () => {
    expect(() => medianWithInterval([1, 2, 3, 4, 5])).toThrow(
      /at least 6 finite values.*measure more rounds/,
    );
    expect(() => medianWithInterval([1, 2, 3, 4, 5, Number.NaN])).toThrow(/at least 6 finite values/);
  });
});
