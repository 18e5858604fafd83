import * as tf from "@tensorflow/tfjs-core";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";

const [t, h, y0] = [0.3, 0.125, [1.2, 0.7]];

/** The problem of the golden steps in tests/reference/tableaux.json, over the one step from t to t + h. */
export const goldenProblem = {
  t,
  h,
  y0,
  problem: odeProblem({
    field: (time, y) => {
      const [a, b] = tf.unstack(y);
      const product = tf.mul(a, b);
      return tf.stack([
        tf.add(tf.sub(tf.mul(a, 1.5), product), tf.div(time, 10)),
        tf.add(tf.mul(b, -3), product),
      ]);
    },
    y0,
    span: [t, t + h],
  }),
};
