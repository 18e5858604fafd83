import * as tf from "@tensorflow/tfjs-core";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";
import { type OperationRow, positive, real } from "./operation-row.js";

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const unary = (name: string, build: Unary, domain: OperationRow["domain"] = real): OperationRow => ({
  name,
  domain,
  cases: anyShape().map((shape) => ({ shapes: [shape], build })),
});

const binary = (name: string, build: Binary, domain: OperationRow["domain"] = real): OperationRow => ({
  name,
  domain,
  cases: broadcastableShapes(2).map((shapes) => ({ shapes, build })),
});

/** Operations on each element. */
export const elementwiseRows: readonly OperationRow[] = [
  binary("add", tf.add),
  binary("sub", tf.sub),
  binary("mul", tf.mul),
  binary("div", tf.div, positive),
  binary("pow", tf.pow, positive),
  binary("maximum", tf.maximum),
  binary("minimum", tf.minimum),
  binary("greater", tf.greater),
  binary("greaterEqual", tf.greaterEqual),
  binary("less", tf.less),
  binary("lessEqual", tf.lessEqual),
  binary("equal", tf.equal),
  binary("notEqual", tf.notEqual),
  binary("squaredDifference", tf.squaredDifference),
  binary("logicalAnd", (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 1))),
  binary("logicalOr", (a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 1))),
  unary("logicalNot", (x) => tf.logicalNot(tf.greater(x, 0))),
  {
    name: "where",
    domain: real,
    cases: broadcastableShapes(3).map((shapes) => ({
      shapes,
      build: (c, a, b) => tf.where(tf.greater(c, 0), a, b),
    })),
  },
  {
    name: "addN",
    domain: real,
    cases: anyShape().map((shape) => ({ shapes: [shape, shape, shape], build: (...x) => tf.addN(x) })),
  },
  unary("neg", tf.neg),
  unary("abs", tf.abs),
  unary("sign", tf.sign),
  unary("floor", tf.floor),
  unary("exp", tf.exp),
  unary("exp over a wide range", tf.exp, [-80, 80]),
  unary("round", tf.round),
  unary("round at halves", (x) => tf.round(tf.div(tf.floor(x), 2)), [-9, 9]),
  binary("mod", tf.mod, positive),
  binary("mod of either sign", (a, b) => tf.mod(a, tf.add(b, tf.mul(tf.sign(b), 0.5)))),
  binary("atan2", tf.atan2),
  unary("erf", tf.erf),
  unary("erf where it is flat", tf.erf, [-9, 9]),
  unary("expm1", tf.expm1),
  unary("expm1 near 0", tf.expm1, [-1e-6, 1e-6]),
  unary("log1p", tf.log1p, [-0.9, 3]),
  unary("log1p near 0", tf.log1p, [-1e-6, 1e-6]),
  unary("log", tf.log, positive),
  unary("log over a wide range", tf.log, [1e-6, 1e6]),
  unary("sqrt", tf.sqrt, positive),
  unary("rsqrt", tf.rsqrt, positive),
  unary("square", tf.square),
  unary("reciprocal", tf.reciprocal, positive),
  unary("sin", tf.sin),
  unary("cos", tf.cos),
  unary("tanh", tf.tanh),
  unary("tanh where it is flat", tf.tanh, [-40, 40]),
  unary("sigmoid", tf.sigmoid),
  unary("sigmoid where it is flat", tf.sigmoid, [-40, 40]),
  unary("relu", tf.relu),
  unary("softplus", tf.softplus),
  unary("softplus where it is flat", tf.softplus, [-40, 40]),
  unary("clipByValue", (x) => tf.clipByValue(x, -1.1, 0.7)),
  unary("zerosLike", (x) => tf.add(x, tf.zerosLike(x))),
  unary("onesLike", (x) => tf.sub(tf.onesLike(x), x)),
  unary("fill", (x) => tf.mul(x, tf.fill(x.shape, 0.7))),
  unary("cast to integers", (x) => tf.cast(x, "int32")),
  unary("cast to booleans and back", (x) => tf.mul(x, tf.cast(tf.cast(x, "bool"), "float32"))),
  unary("where between integers", (x) =>
    tf.where(tf.greater(x, 0), tf.cast(x, "int32"), tf.scalar(2, "int32")),
  ),
  unary("sum of booleans", (x) => tf.sum(tf.greater(x, 0))),
];
