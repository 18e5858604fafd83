import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { exp } from "./exponential.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * R in ln(1 + t) = 2 s + s z R(z), s = t / (2 + t), z = s^2, for t from 0 to 1. Minimax fits of the relative error by Remez
 * exchange with 60 digits: 4e-18 and 5e-9.
 */
const coefficients = {
  f32: [0.6666641235351562, 0.40021705627441406, 0.27999013662338257, 0.2802514135837555],
  f64: [
    0.6666666666666631, 0.40000000000157393, 0.2857142854783366, 0.22222223971059002, 0.18181743875875586,
    0.15386561012003824, 0.13300958757822634, 0.12106207454628815, 0.08339555958422074, 0.17019614444904535,
  ],
} as const;

/** ln(1 + e^x), at most 2 eps off: max(x, 0) + ln(1 + e^-|x|) overflows nowhere. */
export function softplus(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const argument = v.bind(x);
  const t = v.bind(exp(context, v.neg(v.abs(argument))));
  const s = v.bind(v.div(t, v.add(t, v.number(2))));
  const z = v.bind(v.mul(s, s));
  const series = v.mul(z, v.polynomial(coefficients[context.format.scalar], z, v.bind(v.mul(z, z))));
  const logarithm = v.subtractProduct(t, s, v.sub(t, series)); // 2 s = t - s t, where the rounding of s matters less
  return v.add(logarithm, v.atLeast(argument, v.number(0)));
}
