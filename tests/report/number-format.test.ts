import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNumber } from "../../src/report/number-format.js";

test("reads back as the number, to the digits asked for", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e300, max: 1e300, noNaN: true }),
      fc.integer({ min: 2, max: 8 }),
      (value, digits) => {
        const error = Math.abs(Number(formatNumber(value, digits)) - value);
        expect(error).toBeLessThanOrEqual(0.5 * 10 ** (1 - digits) * Math.abs(value) * (1 + 1e-9));
      },
    ),
  );
});

test("whole numbers and whole parts stay whole", () => {
  fc.assert(
    fc.property(fc.integer({ min: -999_999, max: 999_999 }), (whole) => {
      expect(formatNumber(whole)).toBe(String(whole));
    }),
  );
  expect(formatNumber(123456.7)).toBe("123457");
});

test.each([
  [1.4e-8, "1.4e-8"],
  [1e-8, "1e-8"],
  [0.0012345, "0.001234"],
  [0.5, "0.5"],
  [2.5e12, "2.5e12"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});
