import * as tf from "@tensorflow/tfjs-core";
import { zeros } from "../compiler/nd-array.js";
import { type Activation, activations } from "./activations.js";
import { glorotUniform } from "./initialisers.js";
import type { Layer } from "./layer.js";

/** Options of a dense layer. */
export interface DenseOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** @defaultValue "linear" */
  readonly activation?: Activation;
  /** Whether time is one more input, after the others. @defaultValue false */
  readonly time?: boolean;
}

/** activation(rows W + b), or activation([rows, t] W + b); W starts Glorot uniform, b at zero. */
export function dense({ inputs, outputs, activation = "linear", time = false }: DenseOptions): Layer {
  const weightShape = [inputs + (time ? 1 : 0), outputs];
  return {
    params: { weight: weightShape, bias: [outputs] },
    initialise: (random) => ({
      weight: glorotUniform(weightShape, random.split("weight")),
      bias: zeros([outputs]),
    }),
    apply: ({ weight, bias }, rows, t) => {
      const read = time ? withTime(rows, t) : rows;
      return activations[activation](tf.add(tf.matMul(read as tf.Tensor2D, weight as tf.Tensor2D), bias));
    },
  };
}

/** The rows with the time as their last element. */
function withTime(rows: tf.Tensor, t: tf.Tensor | undefined): tf.Tensor {
  if (!t) throw new TypeError("dense: a layer with time: true must be applied with a time");
  return tf.concat([rows, tf.mul(tf.ones([rows.shape[0], 1]), t)], 1);
}
