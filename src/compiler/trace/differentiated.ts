import * as tf from "@tensorflow/tfjs-core";
import { substitute } from "../derivatives/substitute.js";
import type { Node } from "../graph/node.js";
import { shapeText } from "../shape.js";
import { traceBackend } from "./register.js";
import { TraceError } from "./trace-error.js";

/**
 * Takes a derivative within the graph that is being traced. While `run` computes the result, the tensors stand for
 * variables, so that only what it does with them itself counts, not how something that it captures came from them; the
 * variables then give way to what the tensors are.
 *
 * @throws TraceError when `run` returns no tensor, or a tensor is not of reals.
 */
export function differentiated(
  caller: string,
  tensors: readonly tf.Tensor[],
  run: () => tf.Tensor,
  derive: (result: Node, variables: readonly Node[]) => readonly Node[],
): tf.Tensor[] {
  const { builder } = traceBackend;
  const variables = new Map<object, { readonly variable: Node; readonly actual: Node }>();
  for (const tensor of tensors) {
    const actual = traceBackend.nodeOf(tensor);
    if (actual.type !== "real") {
      const shape = shapeText(tensor.shape);
      throw new TraceError(
        `${caller}: the derivative by a tensor of shape ${shape} and type ${tensor.dtype} does not exist; cast it to float32`,
      );
    }
    variables.set(tensor.dataId, { variable: builder.placeholder(actual.shape), actual });
  }
  const variableOf = (tensor: tf.Tensor): Node => variables.get(tensor.dataId)?.variable as Node;
  const inputs = tensors.map(variableOf);
  const result: unknown = traceBackend.whileStandingFor(tensors, inputs, run);
  if (!(result instanceof tf.Tensor)) {
    const kind = result instanceof Promise ? "a promise (is it asynchronous?)" : `${typeof result}`;
    throw new TraceError(
      `${caller}: the function whose derivative is taken must return a tensor, got ${kind}`,
    );
  }
  const nodes = traceBackend.whileStandingFor(tensors, inputs, () =>
    derive(traceBackend.nodeOf(result), inputs),
  );
  const replacements = [...variables.values()].map(({ variable, actual }) => [variable, actual] as const);
  return substitute(builder, nodes, new Map(replacements)).map((node) => traceBackend.tensorOf(node));
}
