import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { exp } from "./exponential.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * P and Q in erf x = x + x P(x^2) for |x| <= 1, and erf x = 1 - exp(-x^2) Q(1 / (1 + x / 2)) from 1 to the number from
 * which on it is 1. Minimax fits of the relative error by Remez exchange with 60 digits: 7e-18 and 1e-17; 1.2e-9 and 3e-9.
 */
const tables = {
  f32: {
    largest: 4,
    small: [
      0.12837916612625122, -0.3761262595653534, 0.1128358468413353, -0.026853807270526886,
      0.005188317969441414, -0.0008010101155377924, 7.853528950363398e-5,
    ],
    large: [
      0.0018179913749918342, 0.2597394287586212, 0.39666828513145447, -0.06423086673021317, 0.636483371257782,
      -0.23073457181453705,
    ],
  },
  f64: {
    largest: 6,
    small: [
      0.12837916709551256, -0.3761263890318352, 0.11283791670944174, -0.026866170643109727,
      0.005223977606103758, -0.0008548325928590603, 0.00012055293554755695, -1.4924711867950282e-5,
      1.6447126117643206e-6, -1.6206271295531648e-7, 1.3710793899358028e-8, -7.779115372185079e-10,
    ],
    large: [
      -3.0780374306909036e-6, 0.2821875127728442, 0.2808286778391378, 0.2572343179250798, 0.11891913136077824,
      0.30801856648906967, -0.640341868560023, 1.2561964654088902, -1.991494168053389, 1.9397363815023376,
      -1.1242330177208129, 0.364650542853305, -0.051700056746118855,
    ],
  },
} as const;

/** The error function, at most 2 eps off, near 0 too. */
export function erf(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const { small, large, largest } = tables[context.format.scalar];
  const argument = v.bind(x);
  const magnitude = v.bind(v.atMost(v.abs(argument), v.number(largest)));
  const z = v.bind(v.mul(magnitude, magnitude));
  const near = v.multiplyAdd(v.polynomial(small, z, v.bind(v.mul(z, z))), magnitude, magnitude);
  const t = v.bind(v.div(v.number(1), v.multiplyAdd(magnitude, v.number(0.5), v.number(1))));
  const rest = v.mul(exp(context, v.neg(z)), v.polynomial(large, t, v.bind(v.mul(t, t))));
  const far = v.sub(v.number(1), rest);
  return v.withSignOf(argument, v.select(v.compare("gt", magnitude, v.number(1)), far, near));
}
