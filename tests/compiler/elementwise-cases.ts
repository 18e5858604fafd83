import * as tf from "@tensorflow/tfjs-core";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";
import { type OperationRow, positive, type RowOptions, real } from "./operation-row.js";

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** A row for an operation of one operand. */
const unary = (name: string, build: Unary, options: RowOptions = {}): OperationRow => {
  const { operands, ...row } = options;
  const cases = anyShape().map((shape) => ({ shapes: [shape], build, operands }));
  return { name, domain: real, ...row, cases };
};

/** A row for an operation of two operands that broadcast. */
const binary = (name: string, build: Binary, options: RowOptions = {}): OperationRow => {
  const { operands, ...row } = options;
  const cases = broadcastableShapes(2).map((shapes) => ({ shapes, build, operands }));
  return { name, domain: real, ...row, cases };
};

/** The second operand, a divisor, keeps away from 0. */
const divisorAwayFromZero = (a: tf.Tensor, b: tf.Tensor): tf.Tensor[] => [
  a,
  tf.add(b, tf.sub(tf.cast(tf.greaterEqual(b, 0), "float32"), 0.5)),
];

const asIntegers = (...inputs: tf.Tensor[]): tf.Tensor[] => inputs.map((x) => tf.cast(x, "int32"));
const asBooleans = (...inputs: tf.Tensor[]): tf.Tensor[] => inputs.map((x) => tf.greater(x, 0));

/** Operations on each element. */
export const elementwiseRows: readonly OperationRow[] = [
  binary("add", tf.add),
  binary("sub", tf.sub),
  binary("mul", tf.mul),
  binary("div", tf.div, { domain: positive }),
  binary("div", tf.div, {
    variant: "of integers",
    domain: [1, 9],
    operands: asIntegers,
    note: "integers are divided as by floorDiv, as in tfjs",
  }),
  binary("floorDiv", tf.floorDiv, { operands: divisorAwayFromZero, note: "gives integers, as in tfjs" }),
  binary("mod", tf.mod, { domain: positive }),
  binary("mod", tf.mod, { variant: "of either sign", operands: divisorAwayFromZero }),
  binary("mod", tf.mod, { variant: "of integers", domain: [1, 9], operands: asIntegers }),
  binary("pow", tf.pow, {
    domain: positive,
    note: "a base that is not positive has derivative 0 in the exponent",
  }),
  binary("maximum", tf.maximum, { note: "at ties the first operand has the derivative" }),
  binary("minimum", tf.minimum, { note: "at ties the first operand has the derivative" }),
  binary("squaredDifference", tf.squaredDifference),
  {
    name: "addN",
    domain: real,
    cases: anyShape().map((shape) => ({ shapes: [shape, shape, shape], build: (...x) => tf.addN(x) })),
  },
  unary("neg", tf.neg),
  unary("abs", tf.abs, { note: "derivative 0 at 0" }),
  unary("sign", tf.sign),
  unary("floor", tf.floor),
  unary("ceil", tf.ceil),
  unary("round", tf.round, { note: "halves to even" }),
  unary("round", tf.round, {
    variant: "at halves",
    domain: [-9, 9],
    operands: (x) => [tf.div(tf.floor(x), 2)],
  }),
  unary("exp", tf.exp),
  unary("exp", tf.exp, { variant: "over a wide range", domain: [-80, 80] }),
  unary("expm1", tf.expm1),
  unary("expm1", tf.expm1, { variant: "near 0", domain: [-1e-6, 1e-6] }),
  unary("expm1", tf.expm1, { variant: "over a wide range", domain: [-80, 80] }),
  unary("log", tf.log, { domain: positive }),
  unary("log", tf.log, { variant: "over a wide range", domain: [1e-6, 1e6] }),
  unary("log1p", tf.log1p, { domain: [-0.9, 3] }),
  unary("log1p", tf.log1p, { variant: "near 0", domain: [-1e-6, 1e-6] }),
  unary("log1p", tf.log1p, { variant: "over a wide range", domain: [1e-3, 1e6] }),
  unary("sqrt", tf.sqrt, { domain: positive }),
  unary("rsqrt", tf.rsqrt, { domain: positive }),
  unary("square", tf.square),
  unary("reciprocal", tf.reciprocal, { domain: positive }),
  unary("erf", tf.erf),
  unary("erf", tf.erf, { variant: "where it is flat", domain: [-9, 9] }),
  unary("erf", tf.erf, { variant: "near 0", domain: [-1e-3, 1e-3] }),
  unary("clipByValue", (x) => tf.clipByValue(x, -1.1, 0.7)),
  unary("zerosLike", tf.zerosLike),
  unary("onesLike", tf.onesLike),
  unary("fill", (x) => tf.fill(x.shape, 0.7)),
  unary("linspace", () => tf.linspace(-1, 2, 4), {
    note: "exact in double precision, other than in tfjs",
  }),
  unary("range", () => tf.range(3, -2, -1.5), {
    note: "exact in double precision, other than in tfjs",
  }),
  unary("cast", (x) => tf.cast(x, "int32"), { note: "integers and booleans have no derivative" }),
  unary("cast", (x) => tf.mul(x, tf.cast(tf.cast(x, "bool"), "float32")), {
    variant: "to booleans and back",
  }),
];

/** Comparisons and logic. */
export const logicRows: readonly OperationRow[] = [
  binary("greater", tf.greater),
  binary("greaterEqual", tf.greaterEqual),
  binary("less", tf.less),
  binary("lessEqual", tf.lessEqual),
  binary("equal", tf.equal),
  binary("notEqual", tf.notEqual),
  binary("logicalAnd", tf.logicalAnd, { operands: asBooleans }),
  binary("logicalOr", tf.logicalOr, { operands: asBooleans }),
  binary("logicalXor", tf.logicalXor, { operands: asBooleans }),
  unary("logicalNot", tf.logicalNot, { operands: asBooleans }),
  unary("isNaN", tf.isNaN, { operands: (x) => [tf.sqrt(x)] }),
  unary("isInf", tf.isInf, { operands: (x) => [tf.log(tf.floor(tf.abs(x)))] }),
  unary("isFinite", tf.isFinite, { operands: (x) => [tf.log(tf.floor(x))] }),
  {
    name: "where",
    domain: real,
    cases: broadcastableShapes(3).map((shapes) => ({
      shapes,
      operands: (c, a, b) => [tf.greater(c, 0), a, b],
      build: tf.where,
    })),
  },
  unary("where", (x) => tf.where(tf.greater(x, 0), tf.cast(x, "int32"), tf.scalar(2, "int32")), {
    variant: "between integers",
  }),
];

const insideOne = [-0.9, 0.9] as const;

/** Circular and hyperbolic functions and their inverses. */
export const trigonometricRows: readonly OperationRow[] = [
  unary("sin", tf.sin),
  unary("cos", tf.cos),
  unary("tan", tf.tan, { domain: [-1.3, 1.3] }),
  unary("asin", tf.asin, { domain: insideOne }),
  unary("acos", tf.acos, { domain: insideOne }),
  unary("atan", tf.atan),
  unary("atan", tf.atan, { variant: "over a wide range", domain: [-1e4, 1e4] }),
  binary("atan2", tf.atan2),
  unary("sinh", tf.sinh),
  unary("sinh", tf.sinh, { variant: "near 0", domain: [-1e-4, 1e-4] }),
  unary("cosh", tf.cosh),
  unary("tanh", tf.tanh),
  unary("tanh", tf.tanh, { variant: "where it is flat", domain: [-40, 40] }),
  unary("asinh", tf.asinh),
  unary("asinh", tf.asinh, { variant: "over a wide range", domain: [-1e12, 1e12] }),
  unary("acosh", tf.acosh, { domain: [1.3, 9] }),
  unary("acosh", tf.acosh, { variant: "over a wide range", domain: [1e3, 1e12] }),
  unary("atanh", tf.atanh, { domain: insideOne }),
];

/** Activations of networks. */
export const activationRows: readonly OperationRow[] = [
  unary("sigmoid", tf.sigmoid),
  unary("sigmoid", tf.sigmoid, { variant: "where it is flat", domain: [-40, 40] }),
  unary("logSigmoid", tf.logSigmoid),
  unary("softplus", tf.softplus),
  unary("softplus", tf.softplus, { variant: "where it is flat", domain: [-40, 40] }),
  unary("relu", tf.relu, { note: "derivative 0 at 0" }),
  unary("relu6", tf.relu6, { domain: [-3, 9], note: "derivative 0 at 0" }),
  unary("elu", tf.elu),
  unary("elu", tf.elu, { variant: "of large numbers", domain: [-200, 200] }),
  unary("selu", tf.selu),
  unary("leakyRelu", (x) => tf.leakyRelu(x, 0.3)),
  binary("prelu", tf.prelu),
  unary("step", (x) => tf.step(x, 0.3), { note: "of NaN it is that of 0, other than in tfjs" }),
];
