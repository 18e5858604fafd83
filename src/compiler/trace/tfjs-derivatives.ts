import * as tf from "@tensorflow/tfjs-core";
import { pullBack } from "../derivatives/pull-back.js";
import { liveNodes } from "../graph/graph.js";
import { customGradient } from "../operations/custom-gradient.js";
import { sameShape, shapeText } from "../shape.js";
import { differentiated } from "./differentiated.js";
import { traceBackend } from "./register.js";
import type { Replacement } from "./replaced.js";
import { TraceError } from "./trace-error.js";

/**
 * tfjs's derivatives while tracing: `tf.grad` and its kin are taken on the graph, where they are right at every order
 * (tfjs's own are wrong from the second on through tanh, exp and others that save their result), and the rule given to
 * `tf.customGrad` stays with the value.
 */
export function derivativesWhileTracing(): Replacement[] {
  const engine = tf.engine();
  return [
    { owner: engine, key: "gradients", value: gradients },
    { owner: engine, key: "customGrad", value: customGrad },
  ];
}

/** What `tf.grad`, `tf.grads`, `tf.valueAndGrad` and `tf.valueAndGrads` call. */
function gradients(
  f: () => tf.Tensor,
  xs: tf.Tensor[],
  dy?: tf.Tensor,
): { value: tf.Tensor; grads: tf.Tensor[] } {
  const { builder } = traceBackend;
  const [value, ...grads] = differentiated("tf.grad", xs, f, (result, variables) => {
    const live = new Set(liveNodes([result]));
    if (!variables.some((variable) => live.has(variable))) {
      throw new TraceError(
        "tf.grad: the function's result does not depend on its argument; all operations from one to the other must be in the function",
      );
    }
    const cotangent = dy ? traceBackend.nodeOf(dy) : builder.constant(1, result.shape);
    return [result, ...pullBack(builder, [{ result, cotangent }], variables)];
  });
  return { value, grads };
}

type CustomFunction = (...inputs: unknown[]) => {
  value: tf.Tensor;
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
};

/**
 * Operations that tfjs itself gives a rule, for want of one for their kernel. Their derivative is the same by our own
 * rules, without what the value's mark keeps from being simplified.
 */
const ruledByTfjs = new Set(
  [
    "logSigmoid",
    "logSoftmax",
    "softmaxCrossEntropy",
    "fusedMatMul",
    "fusedConv2d",
    "fusedDepthwiseConv2d",
  ].map((name) => `${name}__op`),
);

/** What `tf.customGrad` calls. */
function customGrad(f: CustomFunction): (...inputs: tf.Tensor[]) => tf.Tensor {
  return (...inputs) => {
    let saved: tf.Tensor[] = [];
    const { value, gradFunc } = f(...inputs, (tensors: tf.Tensor[]) => {
      saved = tensors;
    });
    if (!(value instanceof tf.Tensor) || typeof gradFunc !== "function") {
      throw new TraceError(
        "tf.customGrad: the function must return { value, gradFunc }, a tensor and a function",
      );
    }
    if (ruledByTfjs.has(tf.engine().state.activeScope?.name)) return value;
    const { builder } = traceBackend;
    const node = traceBackend.nodeOf(value);
    const operands = inputs.map((input) => traceBackend.nodeOf(input));
    const cotangent = builder.placeholder(node.shape);
    const given = [gradFunc(traceBackend.tensorOf(cotangent), saved)].flat();
    const gradients = given.map((gradient) => traceBackend.nodeOf(gradient));
    if (gradients.length !== operands.length) {
      throw new TraceError(
        `tf.customGrad: gradFunc must return one tensor per argument, ${operands.length}, got ${gradients.length}`,
      );
    }
    gradients.forEach(({ shape }, i) => {
      if (sameShape(shape, operands[i].shape)) return;
      throw new TraceError(
        `tf.customGrad: gradient ${i} has shape ${shapeText(shape)}, its argument ${shapeText(operands[i].shape)}; they must agree`,
      );
    });
    return traceBackend.tensorOf(
      customGradient(builder, node, { arguments: operands, cotangent, gradients }),
    );
  };
}
