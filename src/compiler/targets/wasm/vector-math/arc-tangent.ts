import type { Instruction } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { numberLayouts } from "./number-layout.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * A in atan t = t + t z A(z), z = t^2, for |t| <= tan(pi / 8). Minimax fits of the relative error by Remez exchange with
 * 60 digits: 1.3e-18 and 7e-10.
 */
const coefficients = {
  f32: [
    -0.33333316445350647, 0.19998526573181152, -0.14244344830513, 0.10598728805780411, -0.060887403786182404,
  ],
  f64: [
    -0.3333333333333319, 0.19999999999952187, -0.1428571428005453, 0.11111110776325951, -0.09090897551795925,
    0.07692056538306583, -0.06663062095605832, 0.05847582767570754, -0.050379174068925704,
    0.03802915358626189, -0.017868256112370664,
  ],
} as const;

/** The angle of the point (x, y), at most 2 eps off, its sign that of y; all signs of zeros and infinities as Math.atan2. */
export function atan2(context: VectorContext, y: Instruction, x: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const [up, right] = [v.bind(y), v.bind(x)];
  const [height, width] = [v.bind(v.abs(up)), v.bind(v.abs(right))];
  const isSteep = v.bind(v.compare("gt", height, width));
  const angle = v.bind(
    arcTangent(v, v.bind(v.select(isSteep, width, height)), v.bind(v.select(isSteep, height, width))),
  );
  const fromRight = v.bind(v.select(isSteep, v.sub(v.number(Math.PI / 2), angle), angle));
  const isLeft = v.compare("lt", v.or(v.signOf(right), v.number(1)), v.number(0)); // -0 lies left
  const upper = v.select(isLeft, v.sub(v.number(Math.PI), fromRight), fromRight);
  const isUnordered = v.compare("ne", v.add(height, width), v.add(height, width));
  return v.or(v.withSignOf(up, upper), isUnordered);
}

/** The arc tangent of a quotient from 0 to 1: above tan(pi / 8), atan(a / b) = pi / 4 + atan((a - b) / (a + b)). */
function arcTangent(v: VectorArithmetic, smaller: Instruction, larger: Instruction): Instruction {
  const { scalar } = v.context.format;
  const { largest, smallest, mantissaBits } = numberLayouts[scalar];
  // so that no sum overflows and no number lacks digits
  const isHuge = v.compare("gt", larger, v.number(16));
  const scale = v.bind(v.select(isHuge, v.number(0.25), v.number(2 ** mantissaBits)));
  const [a, b] = [v.bind(v.mul(smaller, scale)), v.bind(v.mul(larger, scale))];
  const border = v.mul(v.atMost(b, v.number(largest)), v.number(Math.tan(Math.PI / 8)));
  const isLarge = v.bind(v.compare("gt", a, border)); // so if both are infinite
  const isEqual = v.compare("eq", a, b);
  const numerator = v.select(isLarge, v.unless(isEqual, v.sub(a, b)), a);
  const denominator = v.select(isLarge, v.add(a, b), b);
  const t = v.bind(v.div(numerator, v.atLeast(denominator, v.number(smallest)))); // 0 for 0 / 0
  const z = v.bind(v.mul(t, t));
  const series = v.polynomial(coefficients[scalar], z, v.bind(v.mul(z, z)));
  const atan = v.multiplyAdd(v.mul(t, z), series, t);
  return v.add(atan, v.and(isLarge, v.number(Math.PI / 4)));
}
