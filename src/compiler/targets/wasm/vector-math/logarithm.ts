import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { numberLayouts } from "./number-layout.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * R in ln(1 + f) = 2 s + s z R(z), s = f / (2 + f), z = s^2, for 1 + f between sqrt(1/2) and sqrt(2), as in fdlibm's e_log.c
 * (Sun Microsystems, 1993); and the bits of sqrt(1/2). Minimax fits of the relative error by Remez exchange with
 * 60 digits: 1.3e-18 and 3e-11.
 */
const tables = {
  f32: {
    smallestMantissa: 0x3f3504f3n,
    coefficients: [0.6666666269302368, 0.40000972151756287, 0.2849879264831543, 0.2427881360054016],
  },
  f64: {
    smallestMantissa: 0x3fe6a09e667f3bcdn,
    coefficients: [
      0.6666666666666734, 0.3999999999941653, 0.28571428742069443, 0.22222198599502996, 0.1818356319714343,
      0.1531407470771368, 0.14795746329168016,
    ],
  },
} as const;

/** A positive number as 2^exponent (1 + f), 1 + f between sqrt(1/2) and sqrt(2); the exponent as a number. */
export interface ScaledNumber {
  readonly exponent: Instruction;
  readonly f: Instruction;
}

/** ln x, at most 1 eps off; -infinity for 0, NaN below. */
export function log(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const argument = v.bind(x);
  const result = logarithmOf(v, scaled(v, withoutSubnormals(v, argument)));
  return logarithmAtBorders(v, argument, argument, result);
}

/** ln(1 + x), at most 1 eps off, near 0 too; -infinity for -1, NaN below. */
export function log1p(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const argument = v.bind(x);
  const sum = v.bind(v.add(argument, v.number(1)));
  const result = logarithmOfSum(v, argument, sum);
  return v.withSignOf(argument, logarithmAtBorders(v, argument, sum, result));
}

/** ln(1 + x) given 1 + x, whose rounding error is made good: ln(u + c) = ln u + c / u to the first order in c. */
function logarithmOfSum(v: VectorArithmetic, x: Instruction, sum: Instruction): Instruction {
  const lost = v.sub(x, v.sub(sum, v.number(1)));
  return logarithmOf(v, scaled(v, { number: sum }), v.bind(v.div(lost, sum)));
}

/** A positive normal number, and what its exponent is to be reduced by. */
interface OffsetNumber {
  readonly number: Instruction;
  readonly exponentOffset?: Instruction;
}

/** ln x for a positive number with all its digits. */
export function logarithmOfNormal(v: VectorArithmetic, x: Instruction): Instruction {
  return logarithmOf(v, scaled(v, { number: x }));
}

/** Multiplies numbers that have lost digits by a power of two. */
export function withoutSubnormals(v: VectorArithmetic, x: Instruction): OffsetNumber {
  const { smallestNormal, mantissaBits } = numberLayouts[v.context.format.scalar];
  const isSubnormal = v.bind(v.compare("lt", x, v.number(smallestNormal)));
  const shift = mantissaBits + 2;
  const number = v.bind(v.select(isSubnormal, v.mul(x, v.number(2 ** shift)), x));
  return { number, exponentOffset: v.and(isSubnormal, v.number(shift)) };
}

/** Takes a positive normal number apart. */
export function scaled(v: VectorArithmetic, { number, exponentOffset }: OffsetNumber): ScaledNumber {
  const { scalar } = v.context.format;
  const { mantissaBits, exponentBias } = numberLayouts[scalar];
  const { smallestMantissa } = tables[scalar];
  const one = BigInt(exponentBias) << BigInt(mantissaBits);
  const bits = v.bind(v.addIntegers(number, v.integer(one - smallestMantissa)));
  const mantissa = v.and(bits, v.integer((1n << BigInt(mantissaBits)) - 1n));
  const f = v.bind(v.sub(v.addIntegers(mantissa, v.integer(smallestMantissa)), v.number(1)));
  const exponent = integerAsNumber(v, v.shiftRight(bits, mantissaBits), exponentBias);
  return { exponent: v.bind(exponentOffset ? v.sub(exponent, exponentOffset) : exponent), f };
}

/** An integer from 0 up as a number, less an offset: its bits below those of 2^mantissaBits. */
function integerAsNumber(v: VectorArithmetic, integer: Instruction, less: number): Instruction {
  const { mantissaBits, exponentBias } = numberLayouts[v.context.format.scalar];
  const power = v.integer(BigInt(mantissaBits + exponentBias) << BigInt(mantissaBits));
  return v.sub(v.or(integer, power), v.number(2 ** mantissaBits + less));
}

/** ln of 2^exponent (1 + f), plus a correction that is small beside it. */
function logarithmOf(
  v: VectorArithmetic,
  { exponent, f }: ScaledNumber,
  correction?: Instruction,
): Instruction {
  const { scalar } = v.context.format;
  const [high, low] = numberLayouts[scalar].logarithmOf2.map((part) => v.number(part));
  const s = v.bind(v.div(f, v.add(f, v.number(2))));
  const z = v.bind(v.mul(s, s));
  const r = v.mul(z, v.polynomial(tables[scalar].coefficients, z, v.bind(v.mul(z, z))));
  const halfSquare = v.bind(v.mul(v.mul(f, f), v.number(0.5)));
  const small = correction ? v.multiplyAdd(exponent, low, correction) : v.mul(exponent, low);
  const rest = v.sub(halfSquare, v.multiplyAdd(s, v.add(halfSquare, r), small));
  return v.bind(v.sub(v.mul(exponent, high), v.sub(rest, f)));
}

/** The logarithm of u where u is not positive, infinite or NaN; x is infinite or NaN where u is. */
function logarithmAtBorders(
  v: VectorArithmetic,
  x: Instruction,
  u: Instruction,
  inside: Instruction,
): Instruction {
  const isBelowInfinity = v.compare("lt", x, v.number(Number.POSITIVE_INFINITY));
  const above = v.select(isBelowInfinity, inside, x);
  // all bits set is NaN
  const below = v.or(v.number(Number.NEGATIVE_INFINITY), v.compare("lt", u, v.number(0)));
  return v.select(v.compare("le", u, v.number(0)), below, above);
}
