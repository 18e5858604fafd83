import type { GraphBuilder } from "../graph/graph-builder.js";
import type { GatherNode, Node, ScatterAddNode } from "../graph/node.js";
import { broadcast, concat, reshape, transpose } from "../operations/arrange.js";
import { cast } from "../operations/cast.js";
import { cumSum } from "../operations/cum-sum.js";
import { customGradient, customRuleOf } from "../operations/custom-gradient.js";
import { apply } from "../operations/elementwise.js";
import { type ElementwiseName, isElementwiseName } from "../operations/elementwise-table.js";
import { linearSolve } from "../operations/linear-solve.js";
import { matMul } from "../operations/mat-mul.js";
import { reduce } from "../operations/reduce.js";
import { slice } from "../operations/slice.js";
import type { Shape } from "../shape.js";

/** Applies a node's operation to other inputs; `lead` are axes that they have in front of those of the node's own. */
type Rebuild<N extends Node> = (builder: GraphBuilder, node: N, inputs: readonly Node[], lead: Shape) => Node;

type Structural = Exclude<Node["operation"], ElementwiseName | "input" | "constant">;

const rules: { readonly [Name in Structural]: Rebuild<Extract<Node, { readonly operation: Name }>> } = {
  cast: (builder, { type }, [x]) => cast(builder, x, type),
  reshape: (builder, { shape }, [x], lead) => reshape(builder, x, [...lead, ...shape]),
  broadcast: (builder, { shape }, [x], lead) =>
    broadcast(builder, aligned(builder, x, lead, shape.length), [...lead, ...shape]),
  transpose: (builder, { permutation }, [x], lead) =>
    transpose(builder, x, [...lead.keys(), ...permutation.map((axis) => axis + lead.length)]),
  concat: (builder, { axis }, parts, lead) => concat(builder, parts, axis + lead.length),
  slice: (builder, { begin, shape, strides }, [x], lead) =>
    slice(
      builder,
      x,
      [...lead.map(() => 0), ...begin],
      [...lead, ...shape],
      [...lead.map(() => 1), ...strides],
    ),
  // made anew as they are: the constructors would move indices into the axis a second time
  gather: (builder, { id, ...node }, inputs, lead) =>
    builder.make<GatherNode>({
      ...node,
      inputs,
      axis: node.axis + lead.length,
      shape: [...lead, ...node.shape],
    }),
  scatterAdd: (builder, { id, ...node }, inputs, lead) =>
    builder.make<ScatterAddNode>({
      ...node,
      inputs,
      axis: node.axis + lead.length,
      shape: [...lead, ...node.shape],
    }),
  cumSum: (builder, { axis, exclusive, reverse }, [x], lead) =>
    cumSum(builder, x, { axis: axis + lead.length, exclusive, reverse }),
  reduce: (builder, { kind, axes }, [x], lead) =>
    reduce(
      builder,
      kind,
      x,
      axes.map((axis) => axis + lead.length),
    ),
  matMul: (builder, { transposeA, transposeB, shape, inputs: own }, factors, lead) => {
    const [a, b] = factors.map((factor, i) =>
      factor.shape.length > own[i].shape.length ? aligned(builder, factor, lead, shape.length) : factor,
    );
    return matMul(builder, a, b, transposeA, transposeB);
  },
  linearSolve: (builder, { transposeA, inputs: own }, inputs, lead) => {
    const [a, b] = inputs.map((input, i) =>
      input.shape.length > own[i].shape.length ? input : broadcast(builder, input, [...lead, ...input.shape]),
    );
    return linearSolve(builder, a, b, transposeA);
  },
  customGradient: (builder, node, inputs) => {
    const rule = customRuleOf({ ...node, inputs });
    return customGradient(builder, inputs[0], rule);
  },
};

/**
 * The node's operation applied to other inputs, simplified again. Without `lead`, to inputs of the same shapes. With it,
 * to inputs that have these axes in front of their own: the operation is done for each of them. Of the factors of a matrix
 * product, and of the array and the indices of a gather, one may do without.
 */
export function rebuilt(builder: GraphBuilder, node: Node, inputs: readonly Node[], lead: Shape = []): Node {
  const { operation } = node;
  if (operation === "input" || operation === "constant") return node;
  if (isElementwiseName(operation)) return apply(builder, operation, ...inputs);
  const rule = rules[operation] as Rebuild<Node>;
  return rule(builder, node, inputs, lead);
}

/** Axes of length 1 between `lead` and the axes of its own, so that these, and ones, are `rank`. */
export function aligned(builder: GraphBuilder, x: Node, lead: Shape, rank: number): Node {
  if (lead.length === 0) return x;
  const own = x.shape.slice(lead.length);
  const ones = new Array<number>(rank - own.length).fill(1);
  return reshape(builder, x, [...lead, ...ones, ...own]);
}
