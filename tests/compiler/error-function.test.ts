import fc from "fast-check";
import { expect, it } from "vitest";
import { erf } from "../../src/compiler/operations/error-function.js";

/** 2 / sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!, whose terms are all positive (Abramowitz and Stegun, 7.1.6). */
function series(x: number): number {
  let term = x;
  let sum = 0;
  for (let n = 1; sum + term !== sum; n++) {
    sum += term;
    term *= (2 * x * x) / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

it("the error function is its series, to the digits of a double", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 6, noNaN: true }), (x) => {
      expect(erf(x)).toBeAllclose(series(x), { relative: 1e-14 });
      expect(erf(-x)).toBe(-erf(x));
    }),
    { numRuns: 2000 },
  );
});

it("the error function is 1 at the end, and NaN of NaN", () => {
  for (const x of [6, 30, 1e300, Number.POSITIVE_INFINITY]) expect([erf(x), erf(-x)]).toEqual([1, -1]);
  expect(erf(Number.NaN)).toBeNaN();
});
