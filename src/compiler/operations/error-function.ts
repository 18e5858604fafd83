/** A quotient of polynomials, by their coefficients from the constant one up. */
export interface RationalFunction {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

/**
 * The error function by rational approximations, within 1 unit in the last place of a double (Sun Microsystems, fdlibm 5.3,
 * s_erf.c, 1993). For a = |x|:
 *
 * - a < 0.84375: erf(a) = a + a R(a^2)
 * - a < 1.25: erf(a) = 0.8450629115... + R(a - 1)
 * - above: erf(a) = 1 - exp(-a^2 - 0.5625 + R(1 / a^2)) / a, with one R below 1 / 0.35 and another above; 1 from 6 on
 */
export const errorFunction = {
  borders: { middle: 0.84375, large: 1.25, largest: 1 / 0.35, one: 6 },
  /** About erf(1), a float32 number so that the middle part is exact. */
  middleValue: 0.8450629115104675,
  exponentShift: 0.5625,
  small: {
    numerator: [
      0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
      -2.3763016656650163e-5,
    ],
    denominator: [
      1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
      -3.960228278775368e-6,
    ],
  },
  middle: {
    numerator: [
      -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
      -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
    ],
    denominator: [
      1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164,
      0.01363708391202905, 0.011984499846799107,
    ],
  },
  large: {
    numerator: [
      -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006,
      -162.39666946257347, -184.60509290671104, -81.2874355063066, -9.814329344169145,
    ],
    denominator: [
      1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
      108.63500554177944, 6.570249770319282, -0.0604244152148581,
    ],
  },
  largest: {
    numerator: [
      -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
      -1025.0951316110772, -483.5191916086514,
    ],
    denominator: [
      1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
      474.52854120695537, -22.44095244658582,
    ],
  },
} as const satisfies Record<string, RationalFunction | number | Record<string, number>>;

/** The error function of a number: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export function erf(x: number): number {
  const { borders, middleValue, exponentShift, small, middle, large, largest } = errorFunction;
  const a = Math.abs(x);
  if (a < borders.middle) return x + x * quotient(small, x * x);
  if (a < borders.large) return Math.sign(x) * (middleValue + quotient(middle, a - 1));
  if (a >= borders.one) return Math.sign(x);
  const correction = quotient(a < borders.largest ? large : largest, 1 / (a * a));
  return Math.sign(x) * (1 - Math.exp(-a * a - exponentShift + correction) / a);
}

function quotient({ numerator, denominator }: RationalFunction, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
