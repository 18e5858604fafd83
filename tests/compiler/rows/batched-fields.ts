import * as tf from "@tensorflow/tfjs-core";
import { zeros } from "../../../src/compiler/nd-array.js";
import type { Shape } from "../../../src/compiler/shape.js";
import { OdeGraphs } from "../../../src/solvers/ode/ode-graphs.js";
import { odeProblem, signatureOf } from "../../../src/solvers/ode/ode-problem.js";
import { explicitMethod } from "../../../src/solvers/ode/runge-kutta.js";
import type { Tableau } from "../../../src/solvers/tableaux/tableau.js";

/** Lengths of a batched state and of what is inside the field. */
export interface FieldSizes {
  readonly rows: number;
  readonly width: number;
  readonly hidden: number;
}

/** A vector field on the rows of a batch. */
export interface BatchedField {
  readonly name: string;
  readonly params: (sizes: FieldSizes) => Readonly<Record<string, Shape>>;
  readonly slope: (t: tf.Tensor, y: tf.Tensor2D, params: Record<string, tf.Tensor>) => tf.Tensor;
}

const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
const withTime = (y: tf.Tensor2D, t: tf.Tensor): tf.Tensor =>
  tf.concat([y, tf.mul(tf.ones([y.shape[0], 1]), t)], 1);

/** The kinds of fields that models are made of. */
export const batchedFields: readonly BatchedField[] = [
  {
    name: "two layers that read the time",
    params: ({ width, hidden }) => ({
      inner: [width + 1, hidden],
      bias: [hidden],
      outer: [hidden + 1, width],
      shift: [width],
    }),
    slope: (t, y, { inner, bias, outer, shift }) => {
      const layer = tf.tanh(tf.add(product(withTime(y, t), inner), bias)) as tf.Tensor2D;
      return tf.tanh(tf.add(product(withTime(layer, t), outer), shift));
    },
  },
  {
    name: "a layer with layer normalisation and relu",
    params: ({ width, hidden }) => ({
      inner: [width, hidden],
      gain: [hidden],
      shift: [hidden],
      outer: [hidden, width],
    }),
    slope: (_, y, { inner, gain, shift, outer }) => {
      const z = product(y, inner);
      const { mean, variance } = tf.moments(z, 1, true);
      const normal = tf.div(tf.sub(z, mean), tf.sqrt(tf.add(variance, 1e-3)));
      return product(tf.relu(tf.add(tf.mul(normal, gain), shift)), outer);
    },
  },
  {
    name: "arithmetic on columns",
    params: () => ({ rate: [] }),
    slope: (t, y, { rate }) => {
      const [first, second] = tf.split(y, [1, y.shape[1] - 1], 1);
      const drift = tf.mul(tf.sub(second, first), rate);
      return tf.concat([tf.mul(tf.sin(t), tf.mean(drift, 1, true)), tf.neg(tf.square(drift))], 1);
    },
  },
];

/** The graphs of which a solve with a batched state is made. */
export function odeGraphsOf(field: BatchedField, tableau: Tableau, sizes: FieldSizes): OdeGraphs {
  const params = Object.entries(field.params(sizes)).map(([name, shape]) => [name, zeros(shape)]);
  const problem = odeProblem({
    field: field.slope as never,
    y0: zeros([sizes.rows, sizes.width]),
    params: Object.fromEntries(params),
    span: [0, 1],
  });
  return new OdeGraphs(signatureOf(problem), explicitMethod(tableau));
}
