import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../compiler/shape.js";
import { jacobianOf, jvpOf } from "../../compiler/trace/derivative-functions.js";
import { solveLinear } from "../../compiler/trace/solve-linear.js";
import { combined, type Leaves } from "./combined.js";
import type { LeafField, OneStepMethod, StepResults, StepStart } from "./method.js";
import { errorNorm } from "./scaled-norm.js";

const d = 1 / (2 + Math.SQRT2);
const e32 = 6 + Math.SQRT2;

/** Weights of the three stages in the error estimate. */
const errorWeights = [1 / 6, -2 / 6, 1 / 6];

/**
 * A Rosenbrock method of order 2 with an estimate of order 3, for stiff problems: it is L-stable, and solves linear systems
 * with the field's exact Jacobian instead of nonlinear ones. The last slope of a step is the first of the next. For states
 * of some hundred numbers at most: the Jacobian is dense.
 *
 * Shampine, Reichelt, SIAM Journal on Scientific Computing 18(1), 1997, 1-22 (ode23s), section 3.
 */
export const rosenbrock23: OneStepMethod = {
  name: "rosenbrock23",
  order: 2,
  errorOrder: 3,
  carriesSlope: true,
  estimatesError: true,
  estimatesStiffness: true,
  denseDegree: 2,
  errorWeightNorm: Math.hypot(...errorWeights),
  evaluations: () => 2,
  jacobians: 1,
  step: rosenbrockStep,
};

/**
 * Stages k_i of W k = ..., W = I - h d J. Stiffness: the largest row sum of |J|, which no eigenvalue exceeds, for the leaves
 * that steer.
 */
function rosenbrockStep(field: LeafField, start: StepStart): StepResults {
  const { t, h, y } = start;
  const first = start.slope ?? field(t, y);
  const { jacobian, timeDerivative } = linearised(field, t, y);
  const hd = tf.mul(h, d);
  const w = tf.sub(tf.eye(jacobian.shape[0]), tf.mul(jacobian, hd));
  const solved = (rightSide: tf.Tensor): tf.Tensor => solveLinear(w, rightSide);

  const slope0 = toColumn(first);
  const timePart = tf.mul(timeDerivative, hd);
  const k1 = solved(tf.add(slope0, timePart));
  const halfway = combined(y, h, [1 / 2], [toLeaves(k1, y)]);
  const slope1 = toColumn(field(tf.add(t, tf.mul(h, 1 / 2)), halfway));
  const k2 = tf.add(solved(tf.sub(slope1, k1)), k1);
  const next = combined(y, h, [1], [toLeaves(k2, y)]);
  const last = field(tf.add(t, h), next);
  const bracket = tf.add(tf.mul(tf.sub(k2, slope1), e32), tf.mul(tf.sub(k1, slope0), 2));
  const k3 = solved(tf.add(tf.sub(toColumn(last), bracket), timePart));

  const stages = [k1, k2, k3].map((k) => toLeaves(k, y));
  const norm = errorNorm(start, y, next);
  return {
    next,
    lastSlope: last,
    error: norm(combined(undefined, h, errorWeights, stages)),
    slopeNorm: norm(last),
    stiffness: tf.max(tf.sum(tf.abs(steeringBlock(jacobian, start)), 1)),
    dense: start.dense ? denseOutput(h, stages) : [],
  };
}

/** y + h (theta (1 - theta) k1 + theta (theta - 2 d) k2) / (1 - 2 d), by powers of theta. */
function denseOutput(h: tf.Tensor, stages: readonly Leaves[]): Leaves[] {
  const scale = 1 / (1 - 2 * d);
  return [
    [scale, -2 * d * scale],
    [-scale, scale],
  ].map((weights) => combined(undefined, h, weights, stages));
}

/** The field's derivatives by the state, [n, n], and by time, [n, 1], where n counts the numbers of all leaves. */
function linearised(field: LeafField, t: tf.Tensor, y: Leaves) {
  const column = toColumn(y);
  const n = column.shape[0];
  const byState = jacobianOf((state) => toColumn(field(t, toLeaves(state, y))), column);
  const { tangent } = jvpOf((time) => toColumn(field(time, y)), [t], [1]);
  return { jacobian: tf.reshape(byState, [n, n]), timeDerivative: tangent };
}

/** The derivatives of the leaves that steer by one another. */
function steeringBlock(jacobian: tf.Tensor, { y, steers }: StepStart): tf.Tensor {
  if (!steers.includes(false)) return jacobian;
  const sizes = y.map(({ shape }) => sizeOf(shape));
  const along = (axis: number, matrix: tf.Tensor): tf.Tensor => {
    const parts = tf.split(matrix, sizes, axis);
    return tf.concat(
      parts.filter((_, i) => steers[i]),
      axis,
    );
  };
  return along(0, along(1, jacobian));
}

/** All leaves one below the other. */
function toColumn(leaves: Leaves): tf.Tensor {
  return tf.concat(leaves.map((leaf) => tf.reshape(leaf, [-1, 1])));
}

/** A column as leaves of the shapes of others. */
function toLeaves(column: tf.Tensor, like: Leaves): tf.Tensor[] {
  const parts = tf.split(
    column,
    like.map(({ shape }) => sizeOf(shape)),
  );
  return parts.map((part, i) => tf.reshape(part, like[i].shape));
}
