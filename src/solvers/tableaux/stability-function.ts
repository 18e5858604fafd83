import type { Tableau } from "./tableau.js";

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/**
 * Coefficients of the stability function R(z) = 1 + sum_k z^k b A^(k-1) 1: one step of the method on y' = lambda y is
 * y1 = R(h lambda) y (Hairer, Wanner, Solving Ordinary Differential Equations II, IV.2). The k-th is 1/k! up to the order.
 */
export function stabilityPolynomial({ a, b, stages }: Tableau): number[] {
  const coefficients = [1];
  let powers: readonly number[] = new Array(stages).fill(1);
  for (let k = 1; k <= stages; k++) {
    coefficients.push(product(b, powers));
    powers = a.map((row) => product(row, powers));
  }
  return coefficients;
}

/** The modulus of a polynomial at z, by Horner's rule; below 1, errors of the method die out. */
export function modulusAt(polynomial: readonly number[], z: Complex): number {
  let [re, im] = [0, 0];
  for (let k = polynomial.length - 1; k >= 0; k--) {
    [re, im] = [re * z.re - im * z.im + polynomial[k], re * z.im + im * z.re];
  }
  return Math.hypot(re, im);
}

function product(weights: readonly number[], values: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * values[i], 0);
}
