import type { VectorFormat } from "../vector-format.js";

/** How the bits of a number of a precision lie, and what follows from it. */
interface NumberLayout {
  /** Bits behind the binary point. */
  readonly mantissaBits: 23 | 52;
  readonly exponentBias: 127 | 1023;
  /** 1.5 times 2 to the mantissa's bits: added to a small number, it leaves the nearest integer in the lowest bits. */
  readonly roundingOffset: number;
  /** The smallest positive number with all its digits. */
  readonly smallestNormal: number;
  /** The smallest positive number. */
  readonly smallest: number;
  /** The largest finite number. */
  readonly largest: number;
  /** ln 2 in two parts; the first has so many zeros at its end that a product with an exponent is exact. */
  readonly logarithmOf2: readonly [number, number];
}

/** The layout of the numbers of each format. */
export const numberLayouts: Readonly<Record<VectorFormat["scalar"], NumberLayout>> = {
  f32: {
    mantissaBits: 23,
    exponentBias: 127,
    roundingOffset: 1.5 * 2 ** 23,
    smallestNormal: 2 ** -126,
    smallest: 2 ** -149,
    largest: (2 - 2 ** -23) * 2 ** 127,
    logarithmOf2: [0.693359375, -0.00021219444005469057],
  },
  f64: {
    mantissaBits: 52,
    exponentBias: 1023,
    roundingOffset: 1.5 * 2 ** 52,
    smallestNormal: 2 ** -1022,
    smallest: Number.MIN_VALUE,
    largest: Number.MAX_VALUE,
    logarithmOf2: [0.6931471806019545, -4.2009150726810846e-11],
  },
};
