import * as tf from "@tensorflow/tfjs-core";
import type { ElementType, LinearSolveNode, Node, ScatterAddNode, SliceNode } from "../../graph/node.js";
import { constantData } from "../../operations/constants.js";
import type { ElementwiseName } from "../../operations/elementwise-table.js";
import { isElementwiseName } from "../../operations/elementwise-table.js";
import { solveLinearSystems } from "../../operations/solve-linear-system.js";
import { type Shape, sizeOf } from "../../shape.js";

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
      return interpretSlice(node, x);
    case "gather":
      return tf.gather(x, tf.cast(y, "int32"), node.axis);
    case "scatterAdd":
      return interpretScatterAdd(node, x, y);
    case "cumSum":
      return tf.cumsum(x, node.axis, node.exclusive, node.reverse);
    case "reduce":
      return tf[node.kind](x, [...node.axes]);
    case "linearSolve":
      return interpretLinearSolve(node, x, y);
    case "matMul":
      return tf.matMul(x, y, node.transposeA, node.transposeB);
    default:
      throw new Error(`internal: the tfjs target cannot interpret "${node.operation}"`);
  }
}

/** tfjs has no such operation on matrices in general: the host solves. */
function interpretLinearSolve({ shape, transposeA }: LinearSolveNode, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [n, m] = shape.slice(-2);
  const solution = new Float64Array(b.size);
  const numbers = (x: tf.Tensor): Float64Array => Float64Array.from(x.dataSync());
  solveLinearSystems([b.size / (n * m), n, m], transposeA, numbers(a), numbers(b), solution);
  return tensorOf(Float32Array.from(solution), shape, "real");
}

/** The box around the elements, turned along the axes that are read backwards; of it, every n-th element. */
function interpretSlice({ begin, strides, shape }: SliceNode, x: tf.Tensor): tf.Tensor {
  const lowest = begin.map((first, axis) => Math.min(first, first + (shape[axis] - 1) * strides[axis]));
  const covered = shape.map((length, axis) => (length - 1) * Math.abs(strides[axis]) + 1);
  const box = tf.slice(x, lowest, covered);
  if (strides.every((stride) => stride === 1)) return box;
  const turned = tf.reverse(
    box,
    [...strides.keys()].filter((axis) => strides[axis] < 0),
  );
  return tf.stridedSlice(
    turned,
    shape.map(() => 0),
    covered,
    strides.map(Math.abs),
  );
}

/** tfjs sums by index along the first axis only. */
function interpretScatterAdd(node: ScatterAddNode, values: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const { axis, length, shape } = node;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const byIndex = tf.transpose(tf.reshape(values, [outer, indices.size, inner]), [1, 0, 2]);
  const sums = tf.unsortedSegmentSum(
    byIndex,
    tf.cast(tf.reshape(indices, [-1]), "int32") as tf.Tensor1D,
    length,
  );
  return tf.reshape(tf.transpose(sums, [1, 0, 2]), [...shape]);
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
  round: (a) => tf.round(a),
  mod: (a, b) => tf.mod(a, b),
  exp: (a) => tf.exp(a),
  expm1: (a) => tf.expm1(a),
  log: (a) => tf.log(a),
  log1p: (a) => tf.log1p(a),
  sqrt: (a) => tf.sqrt(a),
  square: (a) => tf.square(a),
  reciprocal: (a) => tf.reciprocal(a),
  sin: (a) => tf.sin(a),
  cos: (a) => tf.cos(a),
  atan2: (a, b) => tf.atan2(a, b),
  tanh: (a) => tf.tanh(a),
  erf: (a) => tf.erf(a),
  sigmoid: (a) => tf.sigmoid(a),
  relu: (a) => tf.relu(a),
  softplus: (a) => tf.softplus(a),
};
