import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { withoutCustomGradients } from "../../derivatives/without-custom-gradients.js";
import { type Graph, liveNodes, resultsOf } from "../../graph/graph.js";
import type { Node } from "../../graph/node.js";
import type { NdArray } from "../../nd-array.js";
import type { Program, Target, Value } from "../target.js";
import { interpret, tensorOf } from "./interpret.js";
import { useTensorflowBackend } from "./tensorflow-backend.js";

/** A value of this target: a tensor of whichever tfjs backend is current. */
interface TensorValue extends Value {
  readonly tensor: tf.Tensor;
}

let prepared = false;

/** At first use, takes TensorFlow's native backend if its binary is installed; from then on tf.setBackend decides. */
function prepare(): void {
  if (!prepared) useTensorflowBackend();
  prepared = true;
}

/**
 * Runs graphs operation by operation on the current tfjs backend, in single precision: an interpreter to debug with, not a
 * fast way to run. The backend is TensorFlow's native one where tfjs-node-gpu is installed with its binary, else the plain
 * one; tf.setBackend chooses another.
 */
export const tfjsTarget: Target = {
  name: "tfjs",
  precision: "float32",
  compile: (graph) => {
    prepare();
    return compile(withoutCustomGradients(graph));
  },
  put: ({ shape, data }: NdArray): TensorValue => {
    prepare();
    return { shape, tensor: tensorOf(Float32Array.from(data), shape, "real") };
  },
  get: (value: Value): NdArray => ({
    shape: value.shape,
    data: Float32Array.from((value as TensorValue).tensor.dataSync()),
  }),
  free: (value: Value) => (value as TensorValue).tensor.dispose(),
};

function compile(graph: Graph): Program {
  const nodes = liveNodes(resultsOf(graph));
  const outputs = Object.values(graph.outputs);
  const readouts = Object.values(graph.readouts);
  return {
    run: (values, scalars, readout) => {
      const tensors = tf.tidy(() => {
        const known = new Map<Node, tf.Tensor>([
          ...graph.inputs.map((node, i) => [node, (values[i] as TensorValue).tensor] as const),
          ...graph.scalars.map((node, i) => [node, tf.scalar(scalars[i])] as const),
        ]);
        for (const node of nodes) if (!known.has(node)) known.set(node, interpret(node, known));
        const result = (node: Node): tf.Tensor => known.get(node) as tf.Tensor;
        readouts.forEach((node, i) => {
          readout[i] = result(node).dataSync()[0];
        });
        // a clone, so that an output that is an input can be freed without the input
        return outputs.map((node) => result(node).clone());
      });
      return tensors.map((tensor, i): TensorValue => ({ shape: outputs[i].shape, tensor }));
    },
    dispose: () => {},
  };
}
