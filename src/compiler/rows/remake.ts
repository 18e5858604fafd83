import type { GraphBuilder } from "../graph/graph-builder.js";
import type { ElementwiseNode, GatherNode, Node, OperationName, ScatterAddNode } from "../graph/node.js";
import { broadcast, concat, reshape, transpose } from "../operations/arrange.js";
import { cast } from "../operations/cast.js";
import { cumSum } from "../operations/cum-sum.js";
import { apply } from "../operations/elementwise.js";
import { isElementwiseName } from "../operations/elementwise-table.js";
import { matMul } from "../operations/mat-mul.js";
import { reduce } from "../operations/reduce.js";
import { slice } from "../operations/slice.js";
import type { Shape } from "../shape.js";

type NodeOf<Name extends OperationName> = Extract<Node, { readonly operation: Name }>;

/** Applies the operation of a node to other inputs; `shape` is that of the result. */
type Remaking<N extends Node> = (
  builder: GraphBuilder,
  node: N,
  inputs: readonly Node[],
  shape: Shape,
) => Node;

const withoutInputs: Remaking<Node> = (_, node) => {
  throw new Error(`internal: a node "${node.operation}" has no inputs to be replaced`);
};

const remakings: {
  readonly [Name in Exclude<OperationName, ElementwiseNode["operation"]>]: Remaking<NodeOf<Name>>;
} = {
  input: withoutInputs,
  constant: withoutInputs,
  cast: (builder, { type }, [x]) => cast(builder, x, type),
  reshape: (builder, _, [x], shape) => reshape(builder, x, shape),
  broadcast: (builder, _, [x], shape) => broadcast(builder, x, shape),
  transpose: (builder, { permutation }, [x]) => transpose(builder, x, permutation),
  concat: (builder, { axis }, parts) => concat(builder, parts, axis),
  slice: (builder, { begin, strides }, [x], shape) => slice(builder, x, begin, shape, strides),
  // the indices are already inside the axis
  gather: (builder, { id, ...node }, inputs, shape) =>
    builder.make<GatherNode>({ ...node, inputs: [...inputs], shape }),
  scatterAdd: (builder, { id, ...node }, inputs, shape) =>
    builder.make<ScatterAddNode>({ ...node, inputs: [...inputs], shape }),
  cumSum: (builder, { axis, exclusive, reverse }, [x]) => cumSum(builder, x, { axis, exclusive, reverse }),
  reduce: (builder, { kind, axes }, [x]) => reduce(builder, kind, x, axes),
  matMul: (builder, { transposeA, transposeB }, [a, b]) => matMul(builder, a, b, transposeA, transposeB),
};

/**
 * The same operation on other inputs, which differ from the node's in the length of an axis, made by the operations' own
 * functions, so that it is simplified as if it had been written so.
 */
export function remake(builder: GraphBuilder, node: Node, inputs: readonly Node[], shape: Shape): Node {
  if (isElementwiseName(node.operation)) return apply(builder, node.operation, ...inputs);
  const remaking = remakings[node.operation as keyof typeof remakings] as Remaking<Node>;
  return remaking(builder, node, inputs, shape);
}
