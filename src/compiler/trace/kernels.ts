import * as tf from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node } from "../graph/node.js";
import { broadcast, concat, pad, reshape, tile, transpose } from "../operations/arrange.js";
import { cast } from "../operations/cast.js";
import { cumSum } from "../operations/cum-sum.js";
import { apply } from "../operations/elementwise.js";
import type { ElementwiseName } from "../operations/elementwise-table.js";
import { gather } from "../operations/indexing.js";
import { matMul } from "../operations/mat-mul.js";
import { mean, reduce } from "../operations/reduce.js";
import { reverse, slice } from "../operations/slice.js";
import { shapeText, sizeOf } from "../shape.js";
import { elementTypeOf } from "./trace-backend.js";
import { TraceError } from "./trace-error.js";

/** Attributes of a tfjs kernel call; each rule knows which its kernel has. */
// biome-ignore lint/suspicious/noExplicitAny: tfjs types attributes per kernel only by convention
type Attributes = Record<string, any>;

/** Records one tfjs kernel as nodes. */
export type KernelRule = (
  builder: GraphBuilder,
  inputs: Readonly<Record<string, Node>>,
  attributes: Attributes,
) => Node | Node[];

const unary =
  (operation: ElementwiseName): KernelRule =>
  (builder, { x }) =>
    apply(builder, operation, x);
const binary =
  (operation: ElementwiseName): KernelRule =>
  (builder, { a, b }) =>
    apply(builder, operation, a, b);

const elementwiseKernels: Record<string, KernelRule> = {
  Add: binary("add"),
  Sub: binary("sub"),
  Multiply: binary("mul"),
  RealDiv: binary("div"),
  Pow: binary("pow"),
  Maximum: binary("maximum"),
  Minimum: binary("minimum"),
  Greater: binary("greater"),
  GreaterEqual: binary("greaterEqual"),
  Less: binary("less"),
  LessEqual: binary("lessEqual"),
  Equal: binary("equal"),
  LogicalAnd: binary("and"),
  LogicalOr: binary("or"),
  LogicalNot: unary("not"),
  NotEqual: (builder, { a, b }) => apply(builder, "not", apply(builder, "equal", a, b)),
  SquaredDifference: (builder, { a, b }) => apply(builder, "square", apply(builder, "sub", a, b)),
  Neg: unary("neg"),
  Abs: unary("abs"),
  Sign: unary("sign"),
  Floor: unary("floor"),
  Round: unary("round"),
  Mod: binary("mod"),
  Expm1: unary("expm1"),
  Log1p: unary("log1p"),
  Atan2: binary("atan2"),
  Erf: unary("erf"),
  Exp: unary("exp"),
  Log: unary("log"),
  Sqrt: unary("sqrt"),
  Rsqrt: (builder, { x }) => apply(builder, "reciprocal", apply(builder, "sqrt", x)),
  Square: unary("square"),
  Reciprocal: unary("reciprocal"),
  Sin: unary("sin"),
  Cos: unary("cos"),
  Tanh: unary("tanh"),
  Sigmoid: unary("sigmoid"),
  Relu: unary("relu"),
  Softplus: unary("softplus"),
  ClipByValue: (builder, { x }, { clipValueMin, clipValueMax }) => {
    const raised = apply(builder, "maximum", x, builder.constant(clipValueMin));
    return apply(builder, "minimum", raised, builder.constant(clipValueMax));
  },
  Select: (builder, { condition, t, e }) => {
    const trailing = new Array<number>(t.shape.length - condition.shape.length).fill(1);
    return apply(builder, "select", reshape(builder, condition, [...condition.shape, ...trailing]), t, e);
  },
  AddN: (builder, inputs) => Object.values(inputs).reduce((sum, term) => apply(builder, "add", sum, term)),
};

const arrangingKernels: Record<string, KernelRule> = {
  Identity: (_, { x }) => x,
  Cast: (builder, { x }, { dtype }) => cast(builder, x, elementTypeOf(dtype)),
  Fill: (builder, _, { value, shape, dtype }) =>
    builder.constant(value, shape, elementTypeOf(dtype ?? "float32")),
  ZerosLike: (builder, { x }) => builder.constant(0, x.shape, x.type),
  OnesLike: (builder, { x }) => builder.constant(1, x.shape, x.type),
  Reshape: (builder, { x }, { shape }) =>
    reshape(builder, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ExpandDims: (builder, { input }, { dim }) => withAxis(builder, input, dim),
  Transpose: (builder, { x }, { perm }) => transpose(builder, x, perm),
  Concat: (builder, inputs, { axis }) => {
    const parts = Object.values(inputs);
    return concat(builder, parts, axesOf(axis, parts[0])[0]);
  },
  Pack: (builder, inputs, { axis }) => {
    const parts = Object.values(inputs);
    const at = axis < 0 ? axis + parts[0].shape.length + 1 : axis;
    return concat(
      builder,
      parts.map((part) => withAxis(builder, part, at)),
      at,
    );
  },
  Unpack: (builder, { value }, { axis }) => {
    const [at] = axesOf(axis, value);
    const shape = value.shape.filter((_, i) => i !== at);
    const parts = split(builder, value, new Array<number>(value.shape[at]).fill(1), at);
    return parts.map((part) => reshape(builder, part, shape));
  },
  SplitV: (builder, { x }, { numOrSizeSplits, axis }) => {
    const [at] = axesOf(axis, x);
    const sizes = Array.isArray(numOrSizeSplits)
      ? withInferredSize(numOrSizeSplits, x.shape[at])
      : new Array<number>(numOrSizeSplits).fill(x.shape[at] / numOrSizeSplits);
    return split(builder, x, sizes, at);
  },
  Slice: (builder, { x }, { begin, size }) => {
    const shape = x.shape.map((length, axis) => (size[axis] === -1 ? length - begin[axis] : size[axis]));
    return slice(builder, x, begin, shape);
  },
  Tile: (builder, { x }, { reps }) => tile(builder, x, reps),
  BroadcastTo: (builder, { x }, { shape }) => broadcast(builder, x, shape),
  PadV2: (builder, { x }, { paddings, constantValue }) => pad(builder, x, paddings, constantValue),
};

const indexingKernels: Record<string, KernelRule> = {
  Reverse: (builder, { x }, { dims }) => reverse(builder, x, axesOf(dims, x)),
  GatherV2: (builder, { x, indices }, { axis }) => gather(builder, x, indices, axesOf(axis, x)[0]),
  Cumsum: (builder, { x }, { axis, exclusive, reverse }) =>
    cumSum(builder, x, { axis: axesOf(axis, x)[0], exclusive, reverse }),
};

const contractingKernels: Record<string, KernelRule> = {
  Sum: (builder, { x }, { axis, keepDims }) => {
    const terms = x.type === "boolean" ? cast(builder, x, "integer") : x;
    return reduce(builder, "sum", terms, axesOf(axis, x), keepDims);
  },
  Mean: (builder, { x }, { axis, keepDims }) =>
    mean(builder, cast(builder, x, "real"), axesOf(axis, x), keepDims),
  Max: (builder, { x }, { reductionIndices, axis, keepDims }) =>
    reduce(builder, "max", x, axesOf(reductionIndices ?? axis, x), keepDims),
  Min: (builder, { x }, { axis, keepDims }) => reduce(builder, "min", x, axesOf(axis, x), keepDims),
  Softmax: (builder, { logits }, { dim }) => {
    const { exponentials, sum } = softmaxParts(builder, logits, dim ?? -1);
    return apply(builder, "div", exponentials, sum);
  },
  LogSoftmax: (builder, { logits }, { axis }) => {
    const { shifted, sum } = softmaxParts(builder, logits, axis);
    return apply(builder, "sub", shifted, apply(builder, "log", sum));
  },
  BatchMatMul: (builder, { a, b }, { transposeA, transposeB }) =>
    matMul(builder, a, b, transposeA, transposeB),
  _FusedMatMul: (builder, { a, b, bias }, { transposeA, transposeB, activation }) => {
    const product = matMul(builder, a, b, transposeA, transposeB);
    const sum = bias ? apply(builder, "add", product, bias) : product;
    if (!activation || activation === "linear") return sum;
    if (activation === "relu" || activation === "sigmoid") return apply(builder, activation, sum);
    throw new TraceError(
      `tf.fused.matMul with the activation "${activation}" cannot be traced; apply it as an operation`,
    );
  },
};

/** Every tfjs kernel that can be recorded. */
export const kernelRules: Readonly<Record<string, KernelRule>> = {
  ...elementwiseKernels,
  ...arrangingKernels,
  ...indexingKernels,
  ...contractingKernels,
};

function axesOf(axis: number | number[] | null | undefined, { shape }: Node): number[] {
  return tf.util.parseAxisParam(axis as number | number[], [...shape]);
}

function withAxis(builder: GraphBuilder, node: Node, dim: number): Node {
  const shape = [...node.shape];
  shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
  return reshape(builder, node, shape);
}

function split(builder: GraphBuilder, node: Node, sizes: readonly number[], axis: number): Node[] {
  if (sizes.reduce((sum, size) => sum + size, 0) !== node.shape[axis] || !sizes.every(Number.isInteger)) {
    throw new RangeError(
      `split: axis ${axis} of ${shapeText(node.shape)} does not divide into lengths ${sizes.join(", ")}`,
    );
  }
  let offset = 0;
  return sizes.map((length) => {
    const begin = node.shape.map((_, i) => (i === axis ? offset : 0));
    offset += length;
    return slice(
      builder,
      node,
      begin,
      node.shape.map((size, i) => (i === axis ? length : size)),
    );
  });
}

function withInferredSize(sizes: readonly number[], total: number): number[] {
  const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
  return sizes.map((size) => (size === -1 ? total - known : size));
}

/** The parts of a softmax, shifted by the maximum so that no exponential overflows. */
function softmaxParts(builder: GraphBuilder, logits: Node, axis: number) {
  const axes = axesOf(axis, logits);
  const shifted = apply(builder, "sub", logits, reduce(builder, "max", logits, axes, true));
  const exponentials = apply(builder, "exp", shifted);
  return { shifted, exponentials, sum: reduce(builder, "sum", exponentials, axes, true) };
}
