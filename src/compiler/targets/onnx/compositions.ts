import { errorFunction } from "../../operations/error-function.js";
import type { Formulas } from "./formulas.js";

/** Writes a function of one or two tensors. */
export type Composition = (formulas: Formulas, ...inputs: string[]) => string;

/** max(x, 0) + log(1 + exp(-|x|)): onnxruntime has no Softplus for doubles. */
const softplus: Composition = ({ f }, x) => {
  const decay = f("Exp", f("Neg", f("Abs", x)));
  return f("Add", f("Relu", x), f("Log", f("Add", decay, 1)));
};

/** log(u) + d / u for u = 1 + x, rounded, and d = x - (u - 1), what the rounding has lost. */
const log1p: Composition = ({ f }, x) => {
  const u = f("Add", x, 1);
  const lost = f("Sub", x, f("Sub", u, 1));
  const logarithm = f("Log", u);
  // nothing is lost at -1, and what is lost at infinity is no number: there the logarithm alone is right
  const inexact = f("Greater", f("Abs", lost), 0);
  return f("Where", inexact, f("Add", logarithm, f("Div", lost, u)), logarithm);
};

/** 2 t / (1 - t) for t = tanh(x / 2) near 0, exp(x) - 1 elsewhere. */
const expm1: Composition = ({ f }, x) => {
  const t = f("Tanh", f("Mul", x, 0.5));
  const near = f("Div", f("Mul", t, 2), f("Sub", 1, t));
  return f("Where", f("Less", f("Abs", x), 0.5), near, f("Sub", f("Exp", x), 1));
};

/** The remainder that has the divisor's sign; ONNX's Mod of reals has the dividend's. */
const mod: Composition = ({ f }, remainder, divisor) => {
  const signsDiffer = f("Less", f("Mul", f("Sign", remainder), f("Sign", divisor)), 0);
  return f("Where", signsDiffer, f("Add", remainder, divisor), remainder);
};

/** The error function for doubles, by the parts of `errorFunction`. */
const erf: Composition = (formulas, x) => {
  const { f } = formulas;
  const { borders, middleValue, exponentShift, small, middle, large, largest } = errorFunction;
  // from the last border on the result is 1, and beyond the range of the approximations nothing may overflow
  const a = f("Min", f("Abs", x), borders.one);
  const below = (border: number): string => f("Less", a, border);
  const inverseSquare = f("Reciprocal", f("Max", f("Mul", a, a), borders.middle));
  const correction = f(
    "Where",
    below(borders.largest),
    formulas.quotient(large, inverseSquare),
    formulas.quotient(largest, inverseSquare),
  );
  const exponent = f("Sub", f("Sub", correction, exponentShift), f("Mul", a, a));
  const tail = f("Sub", 1, f("Div", f("Exp", exponent), f("Max", a, borders.middle)));
  const central = f("Add", formulas.quotient(middle, f("Sub", a, 1)), middleValue);
  const outside = f("Mul", f("Sign", x), f("Where", below(borders.large), central, tail));
  const near = f("Add", x, f("Mul", x, formulas.quotient(small, f("Mul", x, x))));
  return f("Where", below(borders.middle), near, outside);
};

/**
 * (arctan(z) - z) / (-z^3) by powers of z^2 for |z| < 7/16, within 1 unit in the last place of a double (Sun Microsystems,
 * fdlibm 5.3, s_atan.c, 1993).
 */
const arctangent = [
  0.3333333333333293, -0.19999999999876483, 0.14285714272503466, -0.11111110405462356, 0.09090887133436507,
  -0.0769187620504483, 0.06661073137387531, -0.058335701337905735, 0.049768779946159324,
  -0.036531572744216916, 0.016285820115365782,
] as const;

/**
 * The angle of the point (x, y): the arctangent of the smaller coordinate over the larger, which is turned by an eighth
 * where it exceeds tan(pi / 8), and then reflected into the octant of the point.
 */
const atan2: Composition = (formulas, y, x) => {
  const { f } = formulas;
  const [height, width] = [f("Abs", y), f("Abs", x)];
  const [smaller, larger] = [f("Min", height, width), f("Max", height, width)];
  // also at the origin, and for two infinities
  const ratio = f("Where", f("Equal", smaller, larger), f("Sign", larger), f("Div", smaller, larger));
  const far = f("Greater", ratio, Math.tan(Math.PI / 8));
  const z = f("Where", far, f("Div", f("Sub", ratio, 1), f("Add", ratio, 1)), ratio);
  const square = f("Mul", z, z);
  const correction = f("Mul", z, f("Mul", square, formulas.polynomial(arctangent, square)));
  const eighth = f("Add", f("Where", far, Math.PI / 4, 0), f("Sub", z, correction));
  const quarter = f("Where", f("Greater", height, width), f("Sub", Math.PI / 2, eighth), eighth);
  const half = f("Where", f("Less", x, 0), f("Sub", Math.PI, quarter), quarter);
  return f("Where", f("Less", y, 0), f("Neg", half), half);
};

/** Elementwise operations that ONNX or onnxruntime lacks, in some precision, as compositions of those that it has. */
export const compositions = { softplus, log1p, expm1, mod, erf, atan2 } as const;
