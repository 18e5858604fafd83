import type { GraphBuilder } from "../graph/graph-builder.js";
import { type ElementType, type ElementwiseNode, type Node, uniformValue } from "../graph/node.js";
import { broadcastShapes, broadcastStrides, type Shape, sameShape, sizeOf } from "../shape.js";
import { constantData, placesOf } from "./constants.js";
import { simplifyElementwise } from "./elementwise-rules.js";
import { type ElementwiseName, elementwise, elementwiseFunction } from "./elementwise-table.js";

/** Applies an elementwise operation, simplified where the operands allow it. */
export function apply(builder: GraphBuilder, operation: ElementwiseName, ...operands: Node[]): Node {
  const shape = operands.map((operand) => operand.shape).reduce(broadcastShapes, [] as Shape);
  const type = resultType(operation, operands);
  const inputs = withoutBroadcasts(builder, operands, shape);
  return (
    folded(builder, operation, inputs, shape, type) ??
    simplifyElementwise(builder, operation, inputs, shape, type) ??
    builder.make<ElementwiseNode>({ operation, inputs, shape, type })
  );
}

function resultType(operation: ElementwiseName, operands: readonly Node[]): ElementType {
  const declared = elementwise(operation).result;
  if (declared) return declared;
  const data = operation === "select" ? operands.slice(1) : operands;
  return data.find((operand) => operand.type === "real")?.type ?? data[0].type;
}

/** Replaces operands by what they repeat, as long as the operation itself still broadcasts to the same shape. */
function withoutBroadcasts(builder: GraphBuilder, operands: readonly Node[], shape: Shape): Node[] {
  const result = [...operands];
  for (let i = 0; i < result.length; i++) {
    for (let smaller = repeated(builder, result[i]); smaller; smaller = repeated(builder, result[i])) {
      const trial = result.map((operand, j) => (j === i ? smaller : operand) as Node);
      const remaining = trial.map((operand) => operand.shape).reduce(broadcastShapes, [] as Shape);
      if (!sameShape(remaining, shape)) break;
      result[i] = smaller;
    }
  }
  return result;
}

/** The smaller array that a node repeats or merely gives leading axes of length 1. */
function repeated(builder: GraphBuilder, node: Node): Node | undefined {
  const value = uniformValue(node);
  if (value !== undefined) return node.shape.length > 0 ? builder.constant(value, [], node.type) : undefined;
  if (node.operation === "broadcast") return node.inputs[0];
  if (node.operation === "reshape" && addsLeadingAxes(node.shape, node.inputs[0].shape))
    return node.inputs[0];
  return undefined;
}

function addsLeadingAxes(shape: Shape, inner: Shape): boolean {
  const lead = shape.length - inner.length;
  return (
    lead > 0 && shape.slice(0, lead).every((length) => length === 1) && sameShape(shape.slice(lead), inner)
  );
}

/** The result itself when every operand is known. */
function folded(
  builder: GraphBuilder,
  operation: ElementwiseName,
  inputs: readonly Node[],
  shape: Shape,
  type: ElementType,
): Node | undefined {
  if (!inputs.every((input) => input.operation === "constant")) return undefined;
  const evaluate = elementwiseFunction(operation);
  const uniform = inputs.map(uniformValue);
  if (uniform.every((value) => value !== undefined)) {
    return builder.constant(evaluate(...(uniform as number[])), shape, type);
  }
  const operands = inputs.map((input) => {
    const data = constantData(input);
    return placesOf(shape, broadcastStrides(input.shape, shape)).map((place) => data[place]);
  });
  const result = Float64Array.from({ length: sizeOf(shape) }, (_, at) =>
    evaluate(...operands.map((values) => values[at])),
  );
  return builder.constant(result, shape, type);
}
