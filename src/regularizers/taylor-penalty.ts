import type * as tf from "@tensorflow/tfjs-core";
import { jvpOf } from "../compiler/trace/derivative-functions.js";
import type { Schedule } from "../nn/schedules.js";
import { meanSquareOfRows } from "./mean-square-of-rows.js";
import type { FieldPoint, IntegrandRegularizer } from "./regularizer.js";

/** Options of the Taylor penalty. */
export interface TaylorPenaltyOptions {
  readonly weight: Schedule;
  /** K: which derivative of the solution is penalised. */
  readonly order: 2 | 3 | 4;
  /** Whether the integral's own error has a say in the step sizes. @defaultValue false */
  readonly steers?: boolean;
}

/**
 * Penalises the K-th derivative of the solution: the integral of ||d^K y/dt^K||^2, mean over the state's elements and the
 * batch (Kelly et al., NeurIPS 2020, "Learning Differential Equations that are Easy to Solve"; as in their code, the
 * derivative is not divided by K!). It is computed by nested forward derivatives along the solution.
 */
export function taylorPenalty({ weight, order, steers = false }: TaylorPenaltyOptions): IntegrandRegularizer {
  if (![2, 3, 4].includes(order)) {
    throw new RangeError(`taylorPenalty: order must be 2, 3 or 4, got ${order} (order 1 is kineticPenalty)`);
  }
  return {
    name: `taylor ${order}`,
    settings: { order, steers },
    weight,
    steers,
    integrand: ({ t, y, field }) => meanSquareOfRows(solutionDerivative(field, order)(t, y)),
  };
}

/** d^K y/dt^K at a point of a solution, as a function of the point: the derivative of the one before along (1, f). */
function solutionDerivative(field: FieldPoint["field"], order: number): FieldPoint["field"] {
  if (order === 1) return field;
  const lower = solutionDerivative(field, order - 1);
  return (t, y) =>
    jvpOf((time: tf.Tensor, state: tf.Tensor) => lower(time, state), [t, y], [1, field(t, y)]).tangent;
}
