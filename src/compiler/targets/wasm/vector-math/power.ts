import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { inDoubles } from "./doubles.js";
import { exp, exponentialPolynomial, powerOfTwo } from "./exponential.js";
import { logarithmOfNormal, scaled, withoutSubnormals } from "./logarithm.js";
import { numberLayouts } from "./number-layout.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * L in ln(1 + f) = 2 s + 2 s^3 / 3 + 2 s^5 / 3 L(s^2), s = f / (2 + f), for 1 + f between sqrt(1/2) and sqrt(2).
 * A minimax fit of the relative error by Remez exchange with 60 digits: 5e-21.
 */
const coefficients = [
  0.5999999999999996, 0.4285714285716767, 0.33333333326304704, 0.27272728305470967, 0.23076835306552465,
  0.2000447612729322, 0.1751222776481946, 0.17983519896007727,
];

/** 2 / (3 ln 2) as a number of 21 digits and the rest, and rounded. */
const twoThirdsPerLog2 = { high: 0.961796760559082, low: -6.663310642634338e-8, rounded: 0.9617966939259756 };

/** The bits of a double's upper word: 21 digits, so that products of two such numbers are exact. */
const upperWord = 0xffff_ffff_0000_0000n;

/** A number as a sum of two: the first has 21 digits. */
interface DoubledNumber {
  readonly high: Instruction;
  readonly low: Instruction;
}

/**
 * a to the power b, at most 1 eps off, and as Math.pow for all signs, zeros, infinities and NaN; 0 instead of results below
 * 2^-1021.5 in float64.
 */
export function pow(context: VectorContext, a: Instruction, b: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const [base, exponent] = [v.bind(a), v.bind(b)];
  const size = v.bind(v.abs(base));
  const ordinary =
    context.format.scalar === "f32"
      ? inDoubles(context, [size, exponent], powerOfFloats)
      : exponentialOf2(v, product(v, exponent, logarithmTo2(v, size)));
  return withSpecialCases(v, base, exponent, powerAtBorders(v, size, exponent, ordinary));
}

/** In doubles, the logarithm's rounding does not show in a float32 result. */
function powerOfFloats(doubles: VectorContext, size: Instruction, exponent: Instruction): Instruction {
  const v = new VectorArithmetic(doubles);
  return exp(doubles, v.mul(exponent, logarithmOfNormal(v, size)));
}

/** The binary logarithm of a positive number, in two parts: fdlibm's e_pow.c (Sun Microsystems, 1993). */
function logarithmTo2(v: VectorArithmetic, x: Instruction): DoubledNumber {
  const { exponent, f } = scaled(v, withoutSubnormals(v, x));
  const divisor = v.bind(v.add(f, v.number(2)));
  const s = v.bind(v.div(f, divisor));
  const sHigh = v.bind(upper(v, s));
  const divisorHigh = v.bind(upper(v, divisor));
  const divisorLow = v.sub(f, v.sub(divisorHigh, v.number(2)));
  const sRest = v.sub(v.sub(f, v.mul(sHigh, divisorHigh)), v.mul(sHigh, divisorLow));
  const sLow = v.bind(v.div(sRest, divisor));
  const series = cubicFactor(v, s, { high: sHigh, low: sLow });
  // s times the series
  const main = v.bind(v.mul(sHigh, series.high));
  const rest = v.bind(v.add(v.mul(sLow, series.high), v.mul(series.low, s)));
  const sumHigh = v.bind(upper(v, v.add(main, rest)));
  const sumLow = v.sub(rest, v.sub(sumHigh, main));
  // times 2 / (3 ln 2), plus the exponent
  const { high, low, rounded } = twoThirdsPerLog2;
  const factorHigh = v.bind(v.mul(v.number(high), sumHigh));
  const factorLow = v.bind(v.add(v.mul(v.number(low), sumHigh), v.mul(sumLow, v.number(rounded))));
  const resultHigh = v.bind(upper(v, v.add(v.add(factorHigh, factorLow), exponent)));
  return { high: resultHigh, low: v.bind(v.sub(factorLow, v.sub(v.sub(resultHigh, exponent), factorHigh))) };
}

/** 3 + s^2 + s^4 L(s^2) in two parts. */
function cubicFactor(v: VectorArithmetic, s: Instruction, { high, low }: DoubledNumber): DoubledNumber {
  const z = v.bind(v.mul(s, s));
  const square = v.bind(v.mul(z, z));
  const series = v.polynomial(coefficients, z, square);
  const rest = v.bind(v.multiplyAdd(square, series, v.mul(low, v.add(high, s))));
  const highSquare = v.bind(v.mul(high, high));
  const sum = v.bind(upper(v, v.add(v.add(v.number(3), highSquare), rest)));
  return { high: sum, low: v.bind(v.sub(rest, v.sub(v.sub(sum, v.number(3)), highSquare))) };
}

/** A product in two parts; the first is the product of the upper digits, exactly. */
function product(v: VectorArithmetic, x: Instruction, { high, low }: DoubledNumber): DoubledNumber {
  const xHigh = v.bind(upper(v, x));
  return {
    high: v.bind(v.mul(xHigh, high)),
    low: v.bind(v.add(v.mul(v.sub(x, xHigh), high), v.mul(x, low))),
  };
}

/** 2 to the power of a sum. */
function exponentialOf2(v: VectorArithmetic, { high, low }: DoubledNumber): Instruction {
  const offset = v.number(numberLayouts.f64.roundingOffset);
  const main = v.bind(v.clamp(high, -1100, 1100)); // 0 and infinity lie between
  const rest = v.bind(v.and(v.compare("eq", main, high), low));
  const shifted = v.bind(v.add(v.clamp(v.add(main, rest), -1022.4, 1024.4), offset));
  const n = v.sub(shifted, offset);
  const fraction = v.add(v.sub(main, n), rest);
  const p = exponentialPolynomial(v, v.bind(v.mul(fraction, v.number(Math.LN2))));
  const halfScale = powerOfTwo(v, shifted, -1);
  const half = v.bind(v.multiplyAdd(halfScale, p, halfScale));
  return v.bind(v.add(half, half));
}

/** 0 or infinity where the size of the base or the exponent is one of these; NaN for 1 to an infinite power. */
function powerAtBorders(
  v: VectorArithmetic,
  size: Instruction,
  exponent: Instruction,
  ordinary: Instruction,
): Instruction {
  const infinity = v.number(Number.POSITIVE_INFINITY);
  const isInfinitePower = v.bind(v.compare("eq", v.abs(exponent), infinity));
  const isBorder = v.or(
    v.or(v.compare("eq", size, v.number(0)), v.compare("eq", size, infinity)),
    isInfinitePower,
  );
  const grows = v.xor(v.compare("gt", size, v.number(1)), v.compare("lt", exponent, v.number(0)));
  const isUndecided = v.and(isInfinitePower, v.compare("eq", size, v.number(1)));
  return v.or(v.select(isBorder, v.and(grows, infinity), ordinary), isUndecided);
}

/** Signs of negative bases; what is not a number; 1 for the power 0. */
function withSpecialCases(
  v: VectorArithmetic,
  base: Instruction,
  exponent: Instruction,
  magnitude: Instruction,
): Instruction {
  const half = v.bind(v.mul(exponent, v.number(0.5)));
  const isInteger = v.bind(v.compare("eq", v.floor(exponent), exponent));
  const isOdd = v.and(isInteger, v.compare("ne", v.floor(half), half));
  const signed = v.or(magnitude, v.and(isOdd, v.signOf(base)));
  const isNegative = v.and(
    v.compare("lt", base, v.number(0)),
    v.compare("gt", base, v.number(Number.NEGATIVE_INFINITY)),
  );
  const isUnordered = v.or(v.compare("ne", base, base), v.compare("ne", exponent, exponent));
  const isNone = v.or(v.unless(isInteger, isNegative), isUnordered);
  return v.select(v.compare("eq", exponent, v.number(0)), v.number(1), v.or(signed, isNone));
}

/** The upper word of a double. */
function upper(v: VectorArithmetic, x: Instruction): Instruction {
  return v.and(x, v.integer(upperWord));
}
