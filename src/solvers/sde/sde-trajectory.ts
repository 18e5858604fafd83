import type { Value } from "../../compiler/targets/target.js";
import type { Controller } from "../ode/controllers.js";
import type { Tolerances } from "../ode/step.js";
import type { SavedPoint, StepRecord } from "../ode/step-records.js";
import type { BrownianPath } from "./brownian-path.js";
import type { SdeStep } from "./sde-programs.js";
import type { SdeResultCode, SdeStatistics } from "./sde-solution.js";

/** Where a solve on values starts, and along which noise; the values stay the caller's. */
export interface SdeStart {
  readonly state: readonly Value[];
  readonly params: readonly Value[];
  readonly span: readonly [number, number];
  readonly path: BrownianPath;
}

/** How a solve on values proceeds. */
export interface IntegrateSdeOptions extends Tolerances {
  readonly controller: Controller;
  /** Size of the first step; chosen automatically when absent. */
  readonly firstStep?: number;
  /** Ends of prescribed steps: taken as they are, whatever their error. */
  readonly grid?: readonly number[];
  /** Times, in order, at which the state is saved, by linear interpolation between the steps. */
  readonly saveAt?: readonly number[];
  readonly maxSteps: number;
  /** Whether to keep what the backward pass needs. */
  readonly tape: boolean;
  /** Bytes of what steps compute on their way that may be kept on the tape. @defaultValue 512 MiB */
  readonly residualBytes?: number;
  /** Whether the path is to remember what lies behind the solve: of a large state it takes much memory. */
  readonly remembersPath: boolean;
  readonly signal?: AbortSignal;
}

/** What the backward pass needs of an accepted step. */
export interface SdeTapeEntry extends SdeStep {
  /** The saved states that lie in the step, by their number. */
  readonly saved: readonly SavedPoint[];
}

/** A finished solve on values. */
export interface SdeTrajectory {
  readonly code: SdeResultCode;
  /** Time reached. */
  readonly t: number;
  /** State at that time. */
  readonly state: readonly Value[];
  /** Every attempted step, in order. */
  readonly steps: readonly StepRecord[];
  readonly tape: readonly SdeTapeEntry[];
  /** States at the times of `saveAt` that were reached, in order. */
  readonly saved: readonly (readonly Value[])[];
  /** Numbers of the saved states that are the start itself. */
  readonly savedAtStart: readonly number[];
  readonly stats: SdeStatistics;
  /** Frees the state, the saved ones and the tape. */
  release(): void;
}
