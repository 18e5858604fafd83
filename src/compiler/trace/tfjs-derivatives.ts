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
    { owner: engine, key: "runKernelFunc", value: runKernelFuncOf(engine as unknown as KernelRunner) },
  ];
}

/**
 * What `tf.grad`, `tf.grads`, `tf.valueAndGrad` and `tf.valueAndGrads` call. As in tfjs, an argument that the function
 * also captures counts as the argument; what was computed from it before counts as constant.
 */
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

/** What a function made by `tf.customGrad` hands to tfjs's engine when it is called. */
interface CustomCall {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly forwardFunc: (backend: tf.KernelBackend, save: (tensors: tf.Tensor[]) => void) => tf.Tensor;
  readonly backwardsFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => Readonly<Record<string, () => tf.Tensor>>;
}

/** The part of tfjs's engine that runs kernels by name and functions with a gradient of their own. */
interface KernelRunner {
  runKernelFunc(call: object): tf.Tensor | tf.Tensor[];
}

function runKernelFuncOf(engine: KernelRunner): KernelRunner["runKernelFunc"] {
  const runKernelFunc = engine.runKernelFunc.bind(engine);
  return (call) => ("forwardFunc" in call ? withCustomGradient(call as CustomCall) : runKernelFunc(call));
}

/**
 * Operations that tfjs itself gives a gradient, for want of one for their kernel. By our rules it is the same, without
 * what a custom gradient keeps from being simplified.
 */
const givenByTfjs = new Set(
  [
    "logSigmoid",
    "logSoftmax",
    "softmaxCrossEntropy",
    "fusedMatMul",
    "fusedConv2d",
    "fusedDepthwiseConv2d",
  ].map((name) => `${name}__op`),
);

/** The gradient is recorded at once, for any cotangent: at a later derivative the tensors in it are long disposed of. */
function withCustomGradient({ inputs, forwardFunc, backwardsFunc }: CustomCall): tf.Tensor {
  let saved: tf.Tensor[] = [];
  const value = forwardFunc(traceBackend, (tensors) => {
    saved = tensors;
  });
  if (givenByTfjs.has(tf.engine().state.activeScope?.name)) return value;
  const { builder } = traceBackend;
  const node = traceBackend.nodeOf(value);
  const operands = Object.values(inputs).map((input) => traceBackend.nodeOf(input));
  const cotangent = builder.placeholder(node.shape);
  const given = backwardsFunc(traceBackend.tensorOf(cotangent), saved);
  const gradients = Object.keys(inputs).map((key) => traceBackend.nodeOf(given[key]()));
  gradients.forEach(({ shape }, i) => {
    if (sameShape(shape, operands[i].shape)) return;
    throw new TraceError(
      `tf.customGrad: gradient ${i} has shape ${shapeText(shape)}, its argument ${shapeText(operands[i].shape)}; they must agree`,
    );
  });
  return traceBackend.tensorOf(customGradient(builder, node, { arguments: operands, cotangent, gradients }));
}
