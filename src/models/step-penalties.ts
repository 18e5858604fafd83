import type { OneStepMethod } from "../solvers/ode/method.js";
import type { StepRecord } from "../solvers/ode/step-records.js";
import type { ForwardContext } from "./block.js";

/** Sum of the weighted penalties on a solve's steps, and its derivatives by E and S of each accepted one. */
export interface StepPenalties {
  readonly value: number;
  readonly error: Float64Array;
  readonly stiffness: Float64Array;
}

/** Evaluates the penalties on what the solver knew of its accepted steps. */
export function stepPenalties(
  { regularizers, progress }: ForwardContext,
  accepted: readonly StepRecord[],
  method: Pick<OneStepMethod, "name" | "stabilitySize">,
): StepPenalties {
  const error = new Float64Array(accepted.length);
  const stiffness = new Float64Array(accepted.length);
  let value = 0;
  for (const each of regularizers) {
    if (!("steps" in each)) continue;
    const factor = each.weight(progress);
    const penalty = each.steps(accepted, method);
    value += factor * penalty.value;
    addTo(error, factor, penalty.dError);
    addTo(stiffness, factor, penalty.dStiffness);
  }
  return { value, error, stiffness };
}

function addTo(sums: Float64Array, factor: number, derivatives: Float64Array): void {
  derivatives.forEach((derivative, i) => {
    sums[i] += factor * derivative;
  });
}
