import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allTableaux } from "../../../src/solvers/tableaux/all-tableaux.js";
import { modulusAt, stabilityPolynomial } from "../../../src/solvers/tableaux/stability-function.js";
import { double, referenceMethod } from "../../reference-data.js";

const factorial = (k: number): number => (k === 0 ? 1 : k * factorial(k - 1));

describe.each(allTableaux)("the stability function of $name", (method) => {
  const polynomial = stabilityPolynomial(method);

  it("is that of the exponential up to the method's order, and no further", () => {
    for (let k = 0; k <= method.order; k++) {
      expect(polynomial[k] * factorial(k)).toBeAllclose(1, { relative: 1e-9 });
    }
    const next = polynomial[method.order + 1] ?? 0;
    expect(Math.abs(next * factorial(method.order + 1) - 1)).toBeGreaterThan(1e-3);
  });

  it("has the modulus 1 at the end of the stability region on the negative real axis", () => {
    const size = double(referenceMethod(method).stability.real_axis_interval);
    expect(modulusAt(polynomial, { re: -size, im: 0 })).toBeAllclose(1, { relative: 1e-3 });
    expect(modulusAt(polynomial, { re: -0.99 * size, im: 0 })).toBeLessThan(1);
    expect(modulusAt(polynomial, { re: -1.01 * size, im: 0 })).toBeGreaterThan(1);
  });

  it("is the same below the real axis as above it", () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(number, number, (re, im) => {
        expect(modulusAt(polynomial, { re, im })).toBeAllclose(modulusAt(polynomial, { re, im: -im }), {
          relative: 1e-12,
        });
      }),
    );
  });
});
