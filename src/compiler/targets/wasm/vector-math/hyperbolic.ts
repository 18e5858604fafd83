import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { exp, exponentialMinusOne } from "./exponential.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * tanh x = x P(x^2) / Q(x^2) in float32, up to where it is 1 to all digits. A fit of the relative error, 7e-9, by
 * Lawson's algorithm on the linearised problem with 40 digits.
 */
const rationalTanh = {
  largest: 9.02,
  numerator: [
    1, 0.13083165884017944, 0.00310301105491817, 1.1144326890644152e-5, -2.0184094395858665e-8,
    5.257759852494992e-11, -8.435810508250138e-14,
  ],
  denominator: [1, 0.46416494250297546, 0.02449142187833786, 0.00025447632651776075],
};

/** The hyperbolic tangent, at most 3 eps off. */
export function tanh(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  return context.format.scalar === "f32" ? tanhByQuotient(v, x) : tanhByExponential(v, x);
}

/** tanh x = E / (E + 2) with E = e^2x - 1. */
function tanhByExponential(v: VectorArithmetic, x: Instruction): Instruction {
  const argument = v.bind(x);
  const doubled = v.clamp(v.add(argument, argument), -40, 40); // tanh(20) is 1 to all digits
  const e = v.bind(exponentialMinusOne(v, v.bind(doubled)));
  return v.withSignOf(argument, v.div(e, v.add(e, v.number(2))));
}

function tanhByQuotient(v: VectorArithmetic, x: Instruction): Instruction {
  const { largest, numerator, denominator } = rationalTanh;
  const argument = v.bind(v.clamp(x, -largest, largest));
  const z = v.bind(v.mul(argument, argument));
  const square = v.bind(v.mul(z, z));
  const quotient = v.div(
    v.mul(argument, v.polynomial(numerator, z, square)),
    v.polynomial(denominator, z, square),
  );
  return v.clamp(quotient, -1, 1);
}

/** The logistic function 1 / (1 + e^-x), at most 2.5 eps off. */
export function sigmoid(context: VectorContext, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  return v.div(v.number(1), v.add(v.number(1), exp(context, v.neg(x))));
}
