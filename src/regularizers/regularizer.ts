import type { Schedule } from "../nn/schedules.js";
import type { StepRecord } from "../solvers/ode/step-records.js";

/** Value of a penalty on a solve's steps, and its derivatives by E and S of each step. */
export interface StepPenalty {
  readonly value: number;
  readonly dError: Float64Array;
  readonly dStiffness: Float64Array;
}

/** Something that is added to a loss, with a weight that may change during training. */
export interface Regularizer {
  readonly name: string;
  readonly weight: Schedule;
  /** The penalty on the accepted steps of a solve, before the weight. */
  steps(accepted: readonly StepRecord[]): StepPenalty;
}
