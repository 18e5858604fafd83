import * as tf from "@tensorflow/tfjs-core";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import type { Solution } from "../../../src/solvers/ode/solution.js";

/**
 * y' = -k(t) (y - cos t) - sin t with a rate k that rises and falls again, half as fast for the second component: stiff in
 * the middle of its span alone. Its solution is cos t, to which an error at the start decays.
 */
export function stiffInTheMiddle(span: readonly [number, number] = [0, 4]) {
  const middle = (span[0] + span[1]) / 2;
  return odeProblem({
    field: (t, y, p) => {
      const bump = tf.exp(tf.neg(tf.square(tf.mul(tf.sub(t, middle), 2))));
      const rate = tf.mul(tf.add(tf.mul(p.rate, bump), 1), tf.mul([1, 0.5], Math.sign(span[1] - span[0])));
      return tf.sub(tf.mul(tf.neg(rate), tf.sub(y, tf.cos(t))), tf.sin(t));
    },
    y0: [Math.cos(span[0]) + 0.5, Math.cos(span[0]) - 0.2],
    params: { rate: 3000 },
    span,
  });
}

/** How often the method changed between the accepted steps of a solve. */
export function switchesOf({ steps }: Pick<Solution, "steps">): number {
  const methods = steps.filter(({ accepted }) => accepted).map(({ method }) => method);
  return methods.filter((method, i) => i > 0 && method !== methods[i - 1]).length;
}
