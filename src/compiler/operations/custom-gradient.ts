import type { GraphBuilder } from "../graph/graph-builder.js";
import type { CustomGradientNode, InputNode, Node } from "../graph/node.js";

/** A derivative rule: the gradients of <cotangent, value> for each argument. */
export interface CustomRule {
  readonly arguments: readonly Node[];
  /** Stands for the cotangent of the value in the gradients. */
  readonly cotangent: InputNode;
  /** One per argument, of its shape. */
  readonly gradients: readonly Node[];
}

/** A value with a derivative rule of its own: only the rule's arguments influence it, as far as derivatives go. */
export function customGradient(builder: GraphBuilder, value: Node, rule: CustomRule): Node {
  return builder.unique<CustomGradientNode>({
    operation: "customGradient",
    inputs: [value, ...rule.arguments, ...rule.gradients],
    cotangent: rule.cotangent,
    shape: value.shape,
    type: value.type,
  });
}

/** The rule of a value that has one. */
export function customRuleOf({ inputs, cotangent }: CustomGradientNode): CustomRule {
  const count = (inputs.length - 1) / 2;
  return { arguments: inputs.slice(1, 1 + count), cotangent, gradients: inputs.slice(1 + count) };
}
