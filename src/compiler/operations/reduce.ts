import type { GraphBuilder } from "../graph/graph-builder.js";
import { type Node, type ReduceNode, type ReductionKind, uniformValue } from "../graph/node.js";
import { type Shape, sizeOf } from "../shape.js";
import { broadcast, reshape } from "./arrange.js";
import { apply } from "./elementwise.js";

/** Sum, maximum or minimum over axes; with `keepAxes` they stay with length 1. */
export function reduce(
  builder: GraphBuilder,
  kind: ReductionKind,
  node: Node,
  axes: readonly number[],
  keepAxes = false,
): Node {
  const reduced = (axis: number): boolean => axes.includes(axis);
  const count = axes.reduce((product, axis) => product * node.shape[axis], 1);
  const kept = node.shape.map((length, axis) => (reduced(axis) ? 1 : length));
  const shape = keepAxes ? kept : node.shape.filter((_, axis) => !reduced(axis));
  if (count === 1) return reshape(builder, node, shape);
  const value = uniformValue(node);
  if (value !== undefined) return builder.constant(kind === "sum" ? value * count : value, shape, node.type);
  const simpler = kind === "sum" ? simplifiedSum(builder, node, axes) : undefined;
  return reshape(builder, simpler ?? bare(builder, kind, node, axes), shape);
}

/** Mean over axes. */
export function mean(builder: GraphBuilder, node: Node, axes: readonly number[], keepAxes = false): Node {
  const count = axes.reduce((product, axis) => product * node.shape[axis], 1);
  return apply(builder, "mul", reduce(builder, "sum", node, axes, keepAxes), builder.constant(1 / count));
}

function bare(builder: GraphBuilder, kind: ReductionKind, node: Node, axes: readonly number[]): Node {
  const proper = axes.filter((axis) => node.shape[axis] !== 1).sort((a, b) => a - b);
  const shape = node.shape.filter((_, axis) => !proper.includes(axis));
  return builder.make<ReduceNode>({
    operation: "reduce",
    inputs: [node],
    kind,
    axes: proper,
    shape,
    type: node.type,
  });
}

function simplifiedSum(builder: GraphBuilder, node: Node, axes: readonly number[]): Node | undefined {
  return sumOfBroadcast(builder, node, axes) ?? sumOfScaled(builder, node, axes);
}

/** A sum along a repeated axis is a multiplication. */
function sumOfBroadcast(builder: GraphBuilder, node: Node, axes: readonly number[]): Node | undefined {
  if (node.operation !== "broadcast") return undefined;
  const inner = node.inputs[0];
  const own: Shape = [...new Array<number>(node.shape.length - inner.shape.length).fill(1), ...inner.shape];
  const repeats = axes.filter((axis) => own[axis] === 1 && node.shape[axis] > 1);
  if (repeats.length === 0) return undefined;
  const times = repeats.reduce((product, axis) => product * node.shape[axis], 1);
  const once = node.shape.map((length, axis) => (repeats.includes(axis) ? 1 : length));
  const smaller = broadcast(builder, reshape(builder, inner, own), once);
  return apply(
    builder,
    "mul",
    reduce(builder, "sum", smaller, axes, true),
    builder.constant(times, [], node.type),
  );
}

/** The sum of X s for a scalar s is s times the sum of X. */
function sumOfScaled(builder: GraphBuilder, node: Node, axes: readonly number[]): Node | undefined {
  if (node.operation !== "mul") return undefined;
  const [x, factor] = node.inputs;
  if (sizeOf(factor.shape) !== 1 || sizeOf(x.shape) !== sizeOf(node.shape)) return undefined;
  const sum = reduce(builder, "sum", reshape(builder, x, node.shape), axes, true);
  return apply(builder, "mul", sum, reshape(builder, factor, []));
}
