import type { Value } from "../../../compiler/targets/target.js";
import type { SavedPoint } from "../step-records.js";
import type { PerLane, TakenSteps } from "./lane-programs.js";

/** Steps that lanes took at once, as the backward pass needs them. */
export interface StepsTaken extends TakenSteps {
  readonly kind: "steps";
  /** For each lane that took a step, its number among the lane's accepted ones; -1 for others. */
  readonly numbers: readonly number[];
  /** For each lane, the saved states that lie in its step. */
  readonly saved: readonly (readonly SavedPoint[])[];
}

/** Slopes that were evaluated at the states of some lanes, and are not the last ones of their steps before. */
export interface SlopesEvaluated {
  readonly kind: "slopes";
  readonly chosen: PerLane;
  readonly t: PerLane;
  readonly state: readonly Value[];
}

/** What a solve of lanes did, in order. */
export type LanesTape = readonly (StepsTaken | SlopesEvaluated)[];
