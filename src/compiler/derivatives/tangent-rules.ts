import type { GraphBuilder } from "../graph/graph-builder.js";
import type {
  CustomGradientNode,
  ElementwiseNode,
  LinearSolveNode,
  Node,
  ReduceNode,
} from "../graph/node.js";
import { broadcast, concat, reshape } from "../operations/arrange.js";
import { customRuleOf } from "../operations/custom-gradient.js";
import { apply } from "../operations/elementwise.js";
import { type ElementwiseName, isElementwiseName } from "../operations/elementwise-table.js";
import { matMul } from "../operations/mat-mul.js";
import { reduce } from "../operations/reduce.js";
import { slice } from "../operations/slice.js";
import { type Shape, sizeOf } from "../shape.js";
import { sharesOf } from "./elementwise-derivatives.js";
import { extremumShares } from "./extremum-shares.js";
import { aligned, rebuilt } from "./rebuild.js";
import { transposed } from "./transpose.js";

/**
 * The tangent of an operation's result, given those of its inputs: undefined for an input that does not vary, not all
 * undefined. Tangents have the axes `lead` in front of those of what they belong to. The tangent of the result may lack
 * axes that it is only repeated along.
 */
type Tangent<N extends Node = Node> = (
  builder: GraphBuilder,
  node: N,
  tangents: readonly (Node | undefined)[],
  lead: Shape,
) => Node | undefined;

const none: Tangent = () => undefined;

/** An operation that is linear in its real inputs together is its own derivative; integers say where, not what. */
const linear: Tangent = (builder, node, tangents, lead) => {
  const inputs = node.inputs.map((input, i) => {
    if (input.type !== "real") return input;
    return tangents[i] ?? builder.constant(0, [...lead, ...input.shape]);
  });
  return rebuilt(builder, node, inputs, lead);
};

/** The derivative of a product is the sum of the products in which one factor is replaced by its tangent. */
const multilinear: Tangent = (builder, node, tangents, lead) =>
  tangents
    .flatMap((tangent, i) => {
      if (!tangent) return [];
      const factors = node.inputs.map((input, j) => (j === i ? tangent : input));
      return [rebuilt(builder, node, factors, lead)];
    })
    .reduce((sum, term) => apply(builder, "add", sum, term));

type Structural = Exclude<Node["operation"], ElementwiseName>;

/** Tangents of the operations that are not elementwise. */
const rules: { readonly [Name in Structural]: Tangent<Extract<Node, { readonly operation: Name }>> } = {
  input: none,
  constant: none,
  cast: none,
  reshape: linear,
  broadcast: linear,
  transpose: linear,
  concat: linear,
  slice: linear,
  gather: linear,
  scatterAdd: linear,
  cumSum: linear,
  matMul: multilinear,
  reduce: (builder, node, tangents, lead) =>
    node.kind === "sum"
      ? linear(builder, node, tangents, lead)
      : tangentOfExtremum(builder, node, tangents[0] as Node, lead),
  linearSolve: tangentOfSolution,
  customGradient: tangentOfCustom,
};

/** From A X = B follows A dX = dB - dA X. */
function tangentOfSolution(
  builder: GraphBuilder,
  node: LinearSolveNode,
  [ofMatrix, ofRightSide]: readonly (Node | undefined)[],
  lead: Shape,
): Node {
  const { transposeA } = node;
  const change = ofMatrix && apply(builder, "neg", matMul(builder, ofMatrix, node, transposeA));
  const parts = [ofRightSide, change].filter((part) => part !== undefined);
  const rightSide = parts.reduce((sum, part) => apply(builder, "add", sum, part));
  return rebuilt(builder, node, [node.inputs[0], rightSide], lead);
}

/** The changes of the elements that attain the extremum, each by its share. */
function tangentOfExtremum(builder: GraphBuilder, node: ReduceNode, tangent: Node, lead: Shape): Node {
  const changes = apply(builder, "mul", extremumShares(builder, node), tangent);
  const axes = node.axes.map((axis) => axis + lead.length);
  return reduce(builder, "sum", changes, axes);
}

/** A rule gives the pullback, of which the tangent is the transpose; for each element of `lead` by itself. */
function tangentOfCustom(
  builder: GraphBuilder,
  node: CustomGradientNode,
  tangents: readonly (Node | undefined)[],
  lead: Shape,
): Node {
  const { arguments: operands, cotangent, gradients } = customRuleOf(node);
  const changes = tangents.slice(1, 1 + operands.length);
  const along = (select: (tangent: Node, shape: Shape) => Node): Node => {
    const seeds = gradients.flatMap((result, i) => {
      const change = changes[i];
      return change ? [{ result, cotangent: select(change, operands[i].shape) }] : [];
    });
    return transposed(builder, seeds, cotangent);
  };
  if (lead.length === 0) return along((tangent) => tangent);
  const flat = (tangent: Node, shape: Shape): Node => reshape(builder, tangent, [sizeOf(lead), ...shape]);
  const parts = Array.from({ length: sizeOf(lead) }, (_, i) => {
    const part = along((tangent, shape) => {
      const begin = [i, ...shape.map(() => 0)];
      return reshape(builder, slice(builder, flat(tangent, shape), begin, [1, ...shape]), shape);
    });
    return reshape(builder, part, [1, ...node.shape]);
  });
  return reshape(builder, concat(builder, parts, 0), [...lead, ...node.shape]);
}

function tangentOfElementwise(
  builder: GraphBuilder,
  node: ElementwiseNode,
  tangents: readonly (Node | undefined)[],
  lead: Shape,
): Node | undefined {
  const parts = sharesOf(builder, node).flatMap((share, i) => {
    const tangent = tangents[i];
    return share && tangent ? [share(aligned(builder, tangent, lead, node.shape.length))] : [];
  });
  return parts.length > 0 ? parts.reduce((sum, part) => apply(builder, "add", sum, part)) : undefined;
}

/** The tangent of a node, of its shape behind `lead`; undefined where it does not vary. */
export function tangentOf(
  builder: GraphBuilder,
  node: Node,
  tangents: readonly (Node | undefined)[],
  lead: Shape,
): Node | undefined {
  const tangent = isElementwiseName(node.operation)
    ? tangentOfElementwise(builder, node as ElementwiseNode, tangents, lead)
    : (rules[node.operation] as Tangent)(builder, node, tangents, lead);
  return tangent && broadcast(builder, tangent, [...lead, ...node.shape]);
}
