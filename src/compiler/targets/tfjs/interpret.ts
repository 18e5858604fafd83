import * as tf from "@tensorflow/tfjs-core";
import type { ElementType, Node } from "../../graph/node.js";
import { constantData } from "../../operations/constants.js";
import type { ElementwiseName } from "../../operations/elementwise-table.js";
import { isElementwiseName } from "../../operations/elementwise-table.js";
import type { Shape } from "../../shape.js";

const tfTypes = { real: "float32", integer: "int32", boolean: "bool" } as const;

/** A tensor on the current backend from host data. */
export function tensorOf(
  data: Float32Array | Int32Array | Uint8Array,
  shape: Shape,
  type: ElementType,
): tf.Tensor {
  return tf.tensor(data, [...shape], tfTypes[type]);
}

/** Computes one node with tfjs operations; its inputs must be known. */
export function interpret(node: Node, known: ReadonlyMap<Node, tf.Tensor>): tf.Tensor {
  const inputs = node.inputs.map((input) => known.get(input) as tf.Tensor);
  if (isElementwiseName(node.operation)) return elementwise[node.operation](...inputs);
  const [x, y] = inputs;
  const shape = [...node.shape];
  switch (node.operation) {
    case "constant":
      if (node.type === "real") return tensorOf(Float32Array.from(constantData(node)), shape, node.type);
      return tensorOf(Int32Array.from(constantData(node)), shape, node.type);
    case "cast":
      return tf.cast(x, tfTypes[node.type]);
    case "reshape":
      return tf.reshape(x, shape);
    case "broadcast":
      return tf.broadcastTo(x, shape);
    case "transpose":
      return tf.transpose(x, [...node.permutation]);
    case "concat":
      return tf.concat(inputs, node.axis);
    case "slice":
      return tf.slice(x, [...node.begin], shape);
    case "reduce":
      return tf[node.kind](x, [...node.axes]);
    case "matMul":
      return tf.matMul(x, y, node.transposeA, node.transposeB);
    default:
      throw new Error(`internal: the tfjs target cannot interpret "${node.operation}"`);
  }
}

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

const elementwise: { readonly [Name in ElementwiseName]: Operation } = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  pow: (a, b) => tf.pow(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
  greater: (a, b) => tf.greater(a, b),
  greaterEqual: (a, b) => tf.greaterEqual(a, b),
  less: (a, b) => tf.less(a, b),
  lessEqual: (a, b) => tf.lessEqual(a, b),
  equal: (a, b) => tf.equal(a, b),
  and: (a, b) => tf.logicalAnd(a, b),
  or: (a, b) => tf.logicalOr(a, b),
  not: (a) => tf.logicalNot(a),
  select: (condition, a, b) => tf.where(condition, a, b),
  neg: (a) => tf.neg(a),
  abs: (a) => tf.abs(a),
  // the sign of NaN is NaN on every other target, 0 on tfjs's cpu backend
  sign: (a) => tf.where(tf.isNaN(a), a, tf.sign(a)),
  floor: (a) => tf.floor(a),
  exp: (a) => tf.exp(a),
  log: (a) => tf.log(a),
  sqrt: (a) => tf.sqrt(a),
  square: (a) => tf.square(a),
  reciprocal: (a) => tf.reciprocal(a),
  sin: (a) => tf.sin(a),
  cos: (a) => tf.cos(a),
  tanh: (a) => tf.tanh(a),
  sigmoid: (a) => tf.sigmoid(a),
  relu: (a) => tf.relu(a),
  softplus: (a) => tf.softplus(a),
};
