import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { exp } from "./exponential.js";
import { numberLayouts } from "./number-layout.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * tanh r = r P(r^2) / Q(r^2) for |r| <= ln(2) / 4, and the arguments beyond which tanh is 1 to all digits. P has one more
 * coefficient than is given: that of the highest power is 1. P(0) = Q(0), so that tanh r is r where r is tiny. Minimax fits
 * of the relative error by Remez exchange with 60 digits: 1.8e-9 and 4.8e-18.
 */
const rationalTanh = {
  f32: { largest: 9.02, numerator: [], denominator: [1, 0.3333322675888466, -0.022127317451711766] },
  f64: {
    largest: 19.1,
    numerator: [945.7162154926033, 105.06820246994455],
    denominator: [945.7162154926033, 420.3069409674714, 15.006818258840475],
  },
} as const;

/**
 * The hyperbolic tangent, at most 2.5 eps off, odd to the last bit and never beyond 1. With x = k ln(2) / 2 + r, k an integer,
 * s = 2^k and tanh r = N / D, the addition theorem makes it (N (s + 1) + D (s - 1)) / (D (s + 1) + N (s - 1)).
 */
export function tanh(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const { scalar } = context.format;
  const { largest, numerator, denominator } = rationalTanh[scalar];
  const { exponentBias, mantissaBits, roundingOffset } = numberLayouts[scalar];
  const argument = v.bind(v.clamp(x, -largest, largest));
  const offset = v.number(roundingOffset + exponentBias); // the lowest bits become the exponent of s
  const shifted = v.bind(v.multiplyAdd(argument, v.number(2 * Math.LOG2E), offset));
  // ln 2 in one part is enough: tanh x changes by a smaller share of itself than x does
  const r = v.bind(v.subtractProduct(argument, v.sub(shifted, offset), v.number(Math.LN2 / 2)));
  const square = v.bind(v.mul(r, r));
  const n = numerator.length === 0 ? r : v.bind(v.mul(r, v.monic(numerator, square)));
  const d = v.bind(v.horner(denominator, square));
  const s = v.bind(v.shiftLeft(shifted, mantissaBits));
  const more = v.bind(v.add(s, v.number(1)));
  const less = v.bind(v.sub(v.number(1), s)); // +0 where s is 1, which leaves the sign of zero as it is
  return v.div(v.subtractProduct(v.mul(n, more), d, less), v.subtractProduct(v.mul(d, more), n, less));
}

/** The logistic function 1 / (1 + e^-x), at most 2.5 eps off. */
export function sigmoid(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  return v.div(v.number(1), v.add(v.number(1), exp(context, v.neg(x))));
}
