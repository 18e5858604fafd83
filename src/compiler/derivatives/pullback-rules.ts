import type { GraphBuilder } from "../graph/graph-builder.js";
import type { ElementwiseNode, Node } from "../graph/node.js";
import { broadcast, reshape, transpose } from "../operations/arrange.js";
import { cumSum } from "../operations/cum-sum.js";
import { customRuleOf } from "../operations/custom-gradient.js";
import { apply } from "../operations/elementwise.js";
import { type ElementwiseName, isElementwiseName } from "../operations/elementwise-table.js";
import { gather, scatterAdd } from "../operations/indexing.js";
import { linearSolve } from "../operations/linear-solve.js";
import { matMul } from "../operations/mat-mul.js";
import { slice, unslice } from "../operations/slice.js";
import { sharesOf } from "./elementwise-derivatives.js";
import { extremumShares } from "./extremum-shares.js";
import { substitute } from "./substitute.js";

/**
 * The cotangents of an operation's inputs, given that of its result. Each is a function, so that only those that are
 * asked for are built; `undefined` says that the result does not vary with that input. Cotangents may still have the
 * broadcast shape: the caller sums them to the input's.
 */
type Pullback<N extends Node> = (builder: GraphBuilder, node: N, cotangent: Node) => readonly Cotangent[];
type Cotangent = (() => Node) | undefined;

const none: Pullback<Node> = (_, node) => node.inputs.map(() => undefined);

type Structural = Exclude<Node["operation"], ElementwiseName>;

/** Pullbacks of the operations that are not elementwise, made of operations that have pullbacks and tangents. */
const rules: { readonly [Name in Structural]: Pullback<Extract<Node, { readonly operation: Name }>> } = {
  input: none,
  constant: none,
  cast: none, // from or to a type that does not vary continuously
  reshape: (builder, { inputs: [x] }, cotangent) => [() => reshape(builder, cotangent, x.shape)],
  broadcast: (_, __, cotangent) => [() => cotangent],
  transpose: (builder, { permutation }, cotangent) => {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [() => transpose(builder, cotangent, inverse)];
  },
  concat: (builder, { inputs, axis }, cotangent) => {
    let offset = 0;
    return inputs.map((part) => {
      const begin = part.shape.map((_, i) => (i === axis ? offset : 0));
      offset += part.shape[axis];
      return () => slice(builder, cotangent, begin, part.shape);
    });
  },
  slice: (builder, { inputs: [x], begin, strides }, cotangent) => [
    () => unslice(builder, cotangent, begin, strides, x.shape),
  ],
  gather: (builder, { inputs: [x, indices], axis }, cotangent) => [
    () => scatterAdd(builder, cotangent, indices, axis, x.shape[axis]),
    undefined,
  ],
  scatterAdd: (builder, { inputs: [, indices], axis }, cotangent) => [
    () => gather(builder, cotangent, indices, axis),
    undefined,
  ],
  cumSum: (builder, { axis, exclusive, reverse }, cotangent) => [
    () => cumSum(builder, cotangent, { axis, exclusive, reverse: !reverse }),
  ],
  reduce: (builder, node, cotangent) => {
    const [x] = node.inputs;
    const kept = x.shape.map((length, axis) => (node.axes.includes(axis) ? 1 : length));
    const spread = broadcast(builder, reshape(builder, cotangent, kept), x.shape);
    if (node.kind === "sum") return [() => spread];
    return [() => apply(builder, "mul", extremumShares(builder, node), spread)];
  },
  matMul: (builder, node, cotangent) => {
    const { transposeA, transposeB } = node;
    const [a, b] = node.inputs;
    return [
      () =>
        transposeA
          ? matMul(builder, b, cotangent, transposeB, true)
          : matMul(builder, cotangent, b, false, !transposeB),
      () =>
        transposeB
          ? matMul(builder, cotangent, a, true, transposeA)
          : matMul(builder, a, cotangent, !transposeA, false),
    ];
  },
  linearSolve: (builder, node, cotangent) => {
    const { transposeA } = node;
    const [a] = node.inputs;
    const ofRightSide = (): Node => linearSolve(builder, a, cotangent, !transposeA);
    const ofMatrix = (): Node => {
      const [rows, columns] = transposeA ? [node, ofRightSide()] : [ofRightSide(), node];
      return apply(builder, "neg", matMul(builder, rows, columns, false, true));
    };
    return [ofMatrix, ofRightSide];
  },
  customGradient: (builder, node, cotangent) => {
    const rule = customRuleOf(node);
    const given = new Map<Node, Node>([[rule.cotangent, cotangent]]);
    return [
      undefined,
      ...rule.gradients.map((gradient) => () => substitute(builder, [gradient], given)[0]),
      ...rule.gradients.map(() => undefined),
    ];
  },
};

/** The cotangents of a node's inputs, each as a function that builds it; undefined where there is no dependence. */
export function pullbackOf(builder: GraphBuilder, node: Node, cotangent: Node): readonly Cotangent[] {
  if (isElementwiseName(node.operation)) {
    const shares = sharesOf(builder, node as ElementwiseNode);
    return shares.map((share) => share && (() => share(cotangent)));
  }
  const rule = rules[node.operation] as Pullback<Node>;
  return rule(builder, node, cotangent);
}
