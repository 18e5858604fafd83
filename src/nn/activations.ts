import * as tf from "@tensorflow/tfjs-core";

/** What may follow the affine map of a layer. */
export type Activation = "linear" | "tanh" | "relu" | "sigmoid" | "softplus" | "elu";

/** The activations as traced functions, each acting on every element. */
export const activations: Record<Activation, (x: tf.Tensor) => tf.Tensor> = {
  linear: (x) => x,
  tanh: (x) => tf.tanh(x),
  relu: (x) => tf.relu(x),
  sigmoid: (x) => tf.sigmoid(x),
  softplus: (x) => tf.softplus(x),
  elu: (x) => tf.elu(x),
};
