import * as tf from "@tensorflow/tfjs-core";
import type { BenchProblem, PerceptronField } from "./problems.js";

/** Parameters under their names. */
type Params = Readonly<Record<string, tf.Tensor>>;

/** A vector field as a user of the library writes it. */
export type Field = (t: tf.Tensor, y: tf.Tensor, params: Params) => tf.Tensor;

/** The field of a problem; `peers/fields.py` has the same for the others. */
export function fieldOf({ field }: BenchProblem): Field {
  return field.kind === "lorenz" ? lorenz : (t, y, params) => perceptron(field, t, y, params);
}

function perceptron(
  { widths, time, cubed, bounded }: PerceptronField,
  t: tf.Tensor,
  y: tf.Tensor,
  params: Params,
): tf.Tensor {
  const layers = widths.length - 1;
  let x = cubed ? tf.mul(tf.mul(y, y), y) : y;
  for (let layer = 1; layer <= layers; layer++) {
    const input = time ? tf.concat([x, tf.mul(tf.ones([x.shape[0], 1]), t)], 1) : x;
    const linear = tf.add(
      tf.matMul(input as tf.Tensor2D, params[`w${layer}`] as tf.Tensor2D),
      params[`b${layer}`],
    );
    x = layer < layers || bounded ? tf.tanh(linear) : linear;
  }
  return x;
}

function lorenz(_: tf.Tensor, state: tf.Tensor, { sigma, rho, beta }: Params): tf.Tensor {
  const [x, y, z] = tf.unstack(state);
  return tf.stack([
    tf.mul(sigma, tf.sub(y, x)),
    tf.sub(tf.mul(x, tf.sub(rho, z)), y),
    tf.sub(tf.mul(x, y), tf.mul(beta, z)),
  ]);
}
