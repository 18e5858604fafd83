import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { exp, exponentialMinusOne } from "./exponential.js";
import { softplusOf } from "./logarithm.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/** tanh x = E / (E + 2) with E = e^2x - 1; at most 3 eps off. */
export function tanh(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const argument = v.bind(x);
  const doubled = v.clamp(v.add(argument, argument), -40, 40); // tanh(20) is 1 to all digits
  const e = v.bind(exponentialMinusOne(v, v.bind(doubled)));
  return v.withSignOf(argument, v.div(e, v.add(e, v.number(2))));
}

/** The logistic function 1 / (1 + e^-x), at most 2 eps off. */
export function sigmoid(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  return v.div(v.number(1), v.add(v.number(1), exp(context, v.neg(x))));
}

/** ln(1 + e^x), at most 2 eps off. */
export function softplus(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const argument = v.bind(x);
  const exponential = v.bind(exp(context, v.neg(v.abs(argument))));
  return softplusOf(v, argument, exponential);
}
