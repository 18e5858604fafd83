import * as tf from "@tensorflow/tfjs-core";
import type { Tableau } from "../tableaux/tableau.js";
import { combined, type Leaves } from "./combined.js";
import { denseCoefficients, denseDegree, denseEvaluations } from "./dense-output.js";
import type { LeafField, OneStepMethod, StepResults, StepStart } from "./method.js";
import { errorNorm, rootMeanSquare } from "./scaled-norm.js";

/**
 * One step of any explicit Runge–Kutta method, in ordinary tfjs operations: the one algorithm over all tableaux.
 *
 * Error: h sum_i e_i k_i, scaled (Hairer, Norsett, Wanner I, II.4). Stiffness: |k_j - k_i| / |g_j - g_i| for two stages
 * with arguments g at the same time, an estimate of the Jacobian's spectral radius (Shampine 1977; Hairer, Wanner II,
 * IV.2).
 */
function rungeKuttaStep(tableau: Tableau, field: LeafField, start: StepStart): StepResults {
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
  const norm = errorNorm(start, y, next);
  const slopeWithin = (theta: number, state: Leaves): Leaves => field(tf.add(t, tf.mul(h, theta)), state);
  return {
    next,
    lastSlope: [...slopes[last]],
    error: tableau.errorWeights && norm(combined(undefined, h, tableau.errorWeights, slopes)),
    slopeNorm: norm(slopes[last]),
    dense: start.dense ? denseCoefficients(tableau, { h, y, next, slopes, slopeWithin }) : [],
    stiffness:
      tableau.stiffnessPair && stiffnessQuotient(tableau.stiffnessPair, points, slopes, start.steers),
  };
}

/** An explicit method as the solver sees every method. */
export function explicitMethod(tableau: Tableau): OneStepMethod {
  const { name, order, errorOrder, fsal, stages, errorWeights, stiffnessPair } = tableau;
  return {
    name,
    order,
    errorOrder,
    carriesSlope: fsal,
    estimatesError: errorWeights !== undefined,
    estimatesStiffness: stiffnessPair !== undefined,
    stabilitySize: tableau.stabilitySize,
    denseDegree: denseDegree(tableau),
    errorWeightNorm: Math.hypot(...(errorWeights ?? [])),
    evaluations: (dense) => stages - (fsal ? 1 : 0) + (dense ? denseEvaluations(tableau) : 0),
    jacobians: 0,
    step: (field, start) => rungeKuttaStep(tableau, field, start),
  };
}

/** |k_j - k_i| / |g_j - g_i| over two stages; zero where both have the same argument, as in a field that is constant. */
export function stiffnessQuotient(
  [i, j]: readonly [number, number],
  points: readonly Leaves[],
  slopes: readonly Leaves[],
  steers: readonly boolean[],
) {
  const difference = (stages: readonly Leaves[]): tf.Tensor =>
    rootMeanSquare(
      stages[j].map((leaf, k) => tf.sub(leaf, stages[i][k])),
      steers,
    );
  const distance = difference(points);
  const apart = tf.greater(distance, 0);
  const safeDistance = tf.where(apart, distance, tf.onesLike(distance));
  return tf.where(apart, tf.div(difference(slopes), safeDistance), tf.zerosLike(distance));
}
