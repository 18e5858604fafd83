import * as tf from "@tensorflow/tfjs-core";
import type { Tableau } from "../tableaux/tableau.js";
import { errorScale, rootMeanSquare, scaledNorm, type ToleranceTensors } from "./scaled-norm.js";

/** A state or a slope, leaf by leaf. */
type Leaves = readonly tf.Tensor[];

/** Where a step starts, as tensors of a traced function. */
export interface StepStart extends ToleranceTensors {
  readonly t: tf.Tensor;
  readonly h: tf.Tensor;
  readonly y: Leaves;
  /** The first stage, where it is known from the step before. */
  readonly slope?: Leaves;
}

/** Everything a step yields. Error and stiffness are there if the method has them. */
export interface StepResults {
  readonly next: tf.Tensor[];
  /** Last stage: the next step's first, if the method is FSAL. */
  readonly lastSlope: tf.Tensor[];
  readonly error?: tf.Tensor;
  /** Root mean square of the last stage over the error scale, from which the rounding floor follows. */
  readonly slopeNorm: tf.Tensor;
  readonly stiffness?: tf.Tensor;
}

/**
 * One step of any explicit Runge–Kutta method, in ordinary tfjs operations: the one algorithm over all tableaux.
 *
 * Error: h sum_i e_i k_i, scaled (Hairer, Norsett, Wanner I, II.4). Stiffness: |k_j - k_i| / |g_j - g_i| for two stages
 * with arguments g at the same time, an estimate of the Jacobian's spectral radius (Shampine 1977; Hairer, Wanner II,
 * IV.2).
 */
export function rungeKuttaStep(
  tableau: Tableau,
  field: (t: tf.Tensor, y: Leaves) => tf.Tensor[],
  start: StepStart,
): StepResults {
  const { t, h, y } = start;
  const slopes: Leaves[] = [start.slope ?? field(t, y)];
  const points: Leaves[] = [y];
  for (let stage = 1; stage < tableau.stages; stage++) {
    const point = combined(y, h, tableau.a[stage], slopes);
    points.push(point);
    slopes.push(field(tf.add(t, tf.mul(h, tableau.c[stage])), point));
  }
  const last = tableau.stages - 1;
  const next = tableau.lastStageAtEnd ? [...points[last]] : combined(y, h, tableau.b, slopes);
  const scale = errorScale(start, y, next);
  return {
    next,
    lastSlope: [...slopes[last]],
    error: tableau.errorWeights && scaledNorm(combined(undefined, h, tableau.errorWeights, slopes), scale),
    slopeNorm: scaledNorm(slopes[last], scale),
    stiffness: tableau.stiffnessPair && stiffnessQuotient(tableau.stiffnessPair, points, slopes),
  };
}

/** base + h sum_i weights_i slopes_i, leaf by leaf; without a base, the sum alone. */
function combined(
  base: Leaves | undefined,
  h: tf.Tensor,
  weights: readonly number[],
  slopes: readonly Leaves[],
) {
  return slopes[0].map((_, leaf) => {
    const terms = weights.flatMap((weight, i) =>
      weight === 0 ? [] : [tf.mul(slopes[i][leaf], tf.mul(h, weight))],
    );
    return (base ? [base[leaf], ...terms] : terms).reduce((sum, term) => tf.add(sum, term));
  });
}

/** Zero where the two stages have the same argument, as in a field that is constant. */
function stiffnessQuotient(
  [i, j]: readonly [number, number],
  points: readonly Leaves[],
  slopes: readonly Leaves[],
) {
  const difference = (stages: readonly Leaves[]): tf.Tensor =>
    rootMeanSquare(stages[j].map((leaf, k) => tf.sub(leaf, stages[i][k])));
  const distance = difference(points);
  const apart = tf.greater(distance, 0);
  const safeDistance = tf.where(apart, distance, tf.onesLike(distance));
  return tf.where(apart, tf.div(difference(slopes), safeDistance), tf.zerosLike(distance));
}
