import fc from "fast-check";
import { expect, test } from "vitest";
import { studentTQuantile } from "../../src/report/student-t.js";

test.each([
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, one-sided 0.975 and 0.995 columns.
  [0.95, 1, 12.706],
  [0.95, 2, 4.303],
  [0.95, 3, 3.182],
  [0.95, 4, 2.776],
  [0.95, 9, 2.262],
  [0.95, 30, 2.042],
  [0.95, 100, 1.984],
  [0.99, 1, 63.657],
  [0.99, 4, 4.604],
  [0.99, 30, 2.75],
])("the table's value for probability %d with %d degrees of freedom is %d", (probability, freedom, t) => {
  // The table is rounded to three decimals.
  expect(Math.abs(studentTQuantile(probability, freedom) - t)).toBeLessThan(0.00051);
});

test("more certainty takes a wider interval, more data a narrower one", () => {
  const probability = fc.double({ min: 0.01, max: 0.98, noNaN: true });
  fc.assert(
    fc.property(probability, fc.integer({ min: 1, max: 200 }), (p, freedom) => {
      expect(studentTQuantile(p + 0.01, freedom)).toBeGreaterThan(studentTQuantile(p, freedom));
      expect(studentTQuantile(p, freedom + 1)).toBeLessThan(studentTQuantile(p, freedom));
    }),
  );
});

test("with one and with two degrees of freedom it is the closed form", () => {
  const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(probability, (p) => {
      expect(studentTQuantile(p, 1) / Math.tan((Math.PI * p) / 2)).toBeCloseTo(1, 10);
      expect(studentTQuantile(p, 2) / (p * Math.sqrt(2 / (1 - p * p)))).toBeCloseTo(1, 10);
    }),
  );
});

test("arguments out of range are named", () => {
  expect(() => studentTQuantile(1, 3)).toThrow(/probability must lie between 0 and 1, got 1/);
  expect(() => studentTQuantile(0.95, 0)).toThrow(/degreesOfFreedom must be 1, 2, 3, ..., got 0/);
  expect(() => studentTQuantile(0.95, 2.5)).toThrow(/got 2.5/);
});
