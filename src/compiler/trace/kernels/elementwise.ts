import { reshape } from "../../operations/arrange.js";
import { cast } from "../../operations/cast.js";
import { apply } from "../../operations/elementwise.js";
import type { ElementwiseName } from "../../operations/elementwise-table.js";
import { formulas } from "../../operations/formulas.js";
import { type KernelRule, type KernelRules, realFunction } from "./kernel-rule.js";

const unary =
  (operation: ElementwiseName): KernelRule =>
  (builder, { x }) =>
    apply(builder, operation, x);
const binary =
  (operation: ElementwiseName): KernelRule =>
  (builder, { a, b }) =>
    apply(builder, operation, a, b);
const real = (operation: ElementwiseName): KernelRule => realFunction((f, x) => f(operation, x));

/** Arithmetic, rounding and powers. */
export const arithmeticKernels: KernelRules = {
  Add: binary("add"),
  Sub: binary("sub"),
  Multiply: binary("mul"),
  RealDiv: binary("div"),
  FloorDiv: (builder, { a, b }) => {
    const quotient = apply(builder, "div", cast(builder, a, "real"), cast(builder, b, "real"));
    return cast(builder, apply(builder, "floor", quotient), "integer");
  },
  Mod: (builder, { a, b }) => {
    const remainder = apply(builder, "mod", cast(builder, a, "real"), cast(builder, b, "real"));
    return a.type === "integer" && b.type === "integer" ? cast(builder, remainder, "integer") : remainder;
  },
  Pow: binary("pow"),
  Maximum: binary("maximum"),
  Minimum: binary("minimum"),
  SquaredDifference: (builder, { a, b }) => apply(builder, "square", apply(builder, "sub", a, b)),
  AddN: (builder, inputs) => Object.values(inputs).reduce((sum, term) => apply(builder, "add", sum, term)),
  Neg: unary("neg"),
  Abs: unary("abs"),
  Sign: unary("sign"),
  Square: unary("square"),
  Floor: real("floor"),
  Ceil: realFunction((f, x) => f("neg", f("floor", f("neg", x)))),
  Round: real("round"),
  Sqrt: real("sqrt"),
  Rsqrt: realFunction((f, x) => f("reciprocal", f("sqrt", x))),
  Reciprocal: real("reciprocal"),
  Exp: real("exp"),
  Expm1: real("expm1"),
  Log: real("log"),
  Log1p: real("log1p"),
  Erf: real("erf"),
  ClipByValue: (builder, { x }, { clipValueMin, clipValueMax }) => {
    const f = formulas(builder);
    return f("minimum", f("maximum", x, clipValueMin), clipValueMax);
  },
};

/** Comparisons and logic. */
export const logicKernels: KernelRules = {
  Greater: binary("greater"),
  GreaterEqual: binary("greaterEqual"),
  Less: binary("less"),
  LessEqual: binary("lessEqual"),
  Equal: binary("equal"),
  NotEqual: (builder, { a, b }) => apply(builder, "not", apply(builder, "equal", a, b)),
  LogicalAnd: binary("and"),
  LogicalOr: binary("or"),
  LogicalNot: unary("not"),
  // only a number that is none differs from itself
  IsNan: realFunction((f, x) => f("not", f("equal", x, x))),
  IsInf: realFunction((f, x) => f("equal", f("abs", x), Number.POSITIVE_INFINITY)),
  IsFinite: realFunction((f, x) => f("less", f("abs", x), Number.POSITIVE_INFINITY)),
  Select: (builder, { condition, t, e }) => {
    const trailing = new Array<number>(t.shape.length - condition.shape.length).fill(1);
    return apply(builder, "select", reshape(builder, condition, [...condition.shape, ...trailing]), t, e);
  },
};
