import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { numberLayouts } from "./number-layout.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * What the exponential needs in each precision: the arguments beyond which its result is 0 or infinite, and
 * q in e^r = 1 + r + r^2 / 2 + r^3 q(r) for |r| <= ln(2) / 2. Minimax fits of the relative error of e^r by Remez exchange
 * with 60 digits: 6e-18 and 4e-9.
 */
const tables = {
  f32: {
    smallest: -87.33,
    largest: 89,
    coefficients: [0.16666534543037415, 0.041667237877845764, 0.00836748257279396, 0.0013863774947822094],
  },
  f64: {
    smallest: -708.4,
    largest: 710,
    coefficients: [
      0.16666666666666433, 0.04166666666660395, 0.008333333333500047, 0.0013888888926800907,
      0.0001984126946620627, 2.4801508675906825e-5, 2.75576408661901e-6, 2.762518979640787e-7,
      2.4978384178404224e-8,
    ],
  },
} as const;

/** e^x as 2 s (1 + p): s is half a power of two, p is between -0.3 and 0.42. */
interface ScaledExponential {
  readonly halfScale: Instruction;
  readonly p: Instruction;
}

/** e^x, at most 1 eps off; 0 instead of results below 2^-1021.5 (2^-125.5), the smallest that fit the scale. */
export function exp(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const { smallest, largest } = tables[context.format.scalar];
  const { halfScale, p } = scaledExponential(v, v.bind(v.clamp(x, smallest, largest)));
  const half = v.bind(v.multiplyAdd(halfScale, p, halfScale));
  return v.add(half, half);
}

/** e^x - 1, at most 2 eps off, near 0 too. */
export function expm1(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const argument = v.bind(x);
  const { largest } = tables[context.format.scalar];
  const { halfScale, p } = scaledExponential(v, v.bind(v.clamp(argument, -40, largest)));
  const half = v.bind(v.multiplyAdd(halfScale, p, v.sub(halfScale, v.number(0.5))));
  return v.withSignOf(argument, v.add(half, half)); // the sum of halves has lost the sign of 0
}

/** Splits x = n ln 2 + r with an integer n, so that e^x = 2^n e^r. */
function scaledExponential(v: VectorArithmetic, x: Instruction): ScaledExponential {
  const { roundingOffset, logarithmOf2 } = numberLayouts[v.context.format.scalar];
  const shifted = v.bind(v.multiplyAdd(x, v.number(Math.LOG2E), v.number(roundingOffset)));
  const n = v.bind(v.sub(shifted, v.number(roundingOffset)));
  const [high, low] = logarithmOf2.map((part) => v.number(part));
  const r = v.bind(v.subtractProduct(v.subtractProduct(x, n, high), n, low));
  return { halfScale: powerOfTwo(v, shifted, -1), p: exponentialPolynomial(v, r) };
}

/** e^r - 1 for |r| <= ln(2) / 2. */
export function exponentialPolynomial(v: VectorArithmetic, r: Instruction): Instruction {
  const { coefficients } = tables[v.context.format.scalar];
  const square = v.bind(v.mul(r, r));
  const q = v.polynomial(coefficients, r, square);
  return v.bind(v.multiplyAdd(v.multiplyAdd(q, r, v.number(0.5)), square, r));
}

/** 2^(n + more), n being the integer in the lowest bits of a number to which the rounding offset was added. */
export function powerOfTwo(v: VectorArithmetic, shifted: Instruction, more: number): Instruction {
  const { mantissaBits, exponentBias } = numberLayouts[v.context.format.scalar];
  const bias = v.integer(BigInt(exponentBias + more) << BigInt(mantissaBits));
  return v.bind(v.addIntegers(v.shiftLeft(shifted, mantissaBits), bias));
}
