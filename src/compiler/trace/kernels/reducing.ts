import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node, ReductionKind } from "../../graph/node.js";
import { pad, reshape, transpose } from "../../operations/arrange.js";
import { cast } from "../../operations/cast.js";
import { cumSum } from "../../operations/cum-sum.js";
import { apply } from "../../operations/elementwise.js";
import { mean, reduce } from "../../operations/reduce.js";
import { slice } from "../../operations/slice.js";
import { sizeOf } from "../../shape.js";
import { axesOf, type KernelRule, type KernelRules } from "./kernel-rule.js";

/** Booleans are summed as integers. */
const numeric = (builder: GraphBuilder, x: Node): Node =>
  x.type === "boolean" ? cast(builder, x, "integer") : x;

const logical =
  (kind: ReductionKind): KernelRule =>
  (builder, { x }, { axis, keepDims }) => {
    const truths = cast(builder, cast(builder, x, "boolean"), "integer");
    return cast(builder, reduce(builder, kind, truths, axesOf(axis, x), keepDims), "boolean");
  };

const indexOf =
  (kind: "max" | "min"): KernelRule =>
  (builder, { x }, { axis }) => {
    const [at] = axesOf(axis, x);
    const length = x.shape[at];
    const places = builder.constant(
      [...Array(length).keys()],
      x.shape.map((_, i) => (i === at ? length : 1)),
      "integer",
    );
    const attained = apply(builder, "equal", x, reduce(builder, kind, x, [at], true));
    const last = builder.constant(length - 1, [], "integer");
    return reduce(builder, "min", apply(builder, "select", attained, places, last), [at]);
  };

/** Operations that combine the elements along axes. */
export const reducingKernels: KernelRules = {
  Sum: (builder, { x }, { axis, keepDims }) =>
    reduce(builder, "sum", numeric(builder, x), axesOf(axis, x), keepDims),
  Mean: (builder, { x }, { axis, keepDims }) =>
    mean(builder, cast(builder, x, "real"), axesOf(axis, x), keepDims),
  Max: (builder, { x }, { reductionIndices, axis, keepDims }) =>
    reduce(builder, "max", x, axesOf(reductionIndices ?? axis, x), keepDims),
  Min: (builder, { x }, { axis, keepDims }) => reduce(builder, "min", x, axesOf(axis, x), keepDims),
  Prod: (builder, { x }, { axis, keepDims }) =>
    product(builder, numeric(builder, x), axesOf(axis, x), keepDims),
  All: logical("min"),
  Any: logical("max"),
  ArgMax: indexOf("max"),
  ArgMin: indexOf("min"),
  Cumsum: (builder, { x }, { axis, exclusive, reverse }) =>
    cumSum(builder, numeric(builder, x), { axis: axesOf(axis, x)[0], exclusive, reverse }),
  Softmax: (builder, { logits }, { dim }) => {
    const { exponentials, sum } = softmaxParts(builder, logits, dim ?? -1);
    return apply(builder, "div", exponentials, sum);
  },
  LogSoftmax: (builder, { logits }, { axis }) => {
    const { shifted, sum } = softmaxParts(builder, logits, axis);
    return apply(builder, "sub", shifted, apply(builder, "log", sum));
  },
};

/** The parts of a softmax, shifted by the maximum so that no exponential overflows. */
function softmaxParts(builder: GraphBuilder, logits: Node, axis: number) {
  const axes = axesOf(axis, logits);
  const shifted = apply(builder, "sub", logits, reduce(builder, "max", logits, axes, true));
  const exponentials = apply(builder, "exp", shifted);
  return { shifted, exponentials, sum: reduce(builder, "sum", exponentials, axes, true) };
}

/** The product over axes: halves are multiplied until one element is left, so that a factor of 0 spoils no derivative. */
function product(builder: GraphBuilder, node: Node, axes: readonly number[], keepAxes: boolean): Node {
  const others = [...node.shape.keys()].filter((axis) => !axes.includes(axis));
  const rows = sizeOf(others.map((axis) => node.shape[axis]));
  const turned = transpose(builder, node, [...others, ...axes]);
  let factors = reshape(builder, turned, [rows, sizeOf(node.shape) / rows]);
  while (factors.shape[1] > 1) {
    const even = pad(
      builder,
      factors,
      [
        [0, 0],
        [0, factors.shape[1] % 2],
      ],
      1,
    );
    const half = even.shape[1] / 2;
    const [first, second] = [0, half].map((from) => slice(builder, even, [0, from], [rows, half]));
    factors = apply(builder, "mul", first, second);
  }
  const shape = node.shape.flatMap((length, axis) => {
    if (!axes.includes(axis)) return [length];
    return keepAxes ? [1] : [];
  });
  return reshape(builder, factors, shape);
}
