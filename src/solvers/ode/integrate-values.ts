import type { Value } from "../../compiler/targets/target.js";
import type { Controller } from "./controllers.js";
import type { WatchedEvent } from "./event.js";
import { Integration } from "./integration.js";
import type { DenseStep, PassedEvent } from "./kept-states.js";
import type { OdePrograms } from "./ode-programs.js";
import type { ResultCode, SolveStatistics } from "./solution.js";
import type { Tolerances } from "./step.js";
import type { StepRecord, TapeEntry } from "./step-records.js";

/** Where a solve on values starts; the values stay the caller's. */
export interface OdeStart {
  readonly state: readonly Value[];
  readonly params: readonly Value[];
  readonly span: readonly [number, number];
}

/** How a solve on values proceeds. */
export interface IntegrateOptions extends Tolerances {
  readonly controller: Controller;
  /** Size of the first step; chosen automatically when absent. */
  readonly firstStep?: number;
  /** Ends of prescribed steps: taken as they are, whatever their error. */
  readonly grid?: readonly number[];
  /** Times at which the field is discontinuous: no step goes across one. */
  readonly jumpTimes?: readonly number[];
  /** Times, in order, at which the state is saved. */
  readonly saveAt?: readonly number[];
  /** Whether to keep the coefficients of dense output of every step. */
  readonly dense?: boolean;
  /** Size below which a step that the controller wants is an underflow. @defaultValue what moves time */
  readonly minStep?: number;
  /** Size above which no step is tried. @defaultValue unlimited */
  readonly maxStep?: number;
  readonly maxSteps: number;
  /** Whether to end where the steps of the explicit method turn out to be held back by stability. */
  readonly stopWhenStiff?: boolean;
  /** What is looked for on the way. */
  readonly events?: readonly WatchedEvent[];
  /** Whether to keep what the backward pass needs. */
  readonly tape: boolean;
  /** Bytes of what steps compute on their way that may be kept on the tape. @defaultValue 512 MiB */
  readonly residualBytes?: number;
  readonly signal?: AbortSignal;
}

/** A finished solve on values. */
export interface Trajectory {
  readonly code: ResultCode;
  /** Time reached. */
  readonly t: number;
  /** State at that time. */
  readonly state: readonly Value[];
  readonly steps: readonly StepRecord[];
  readonly tape: readonly TapeEntry[];
  /** States at the times of `saveAt` that were reached, in order. */
  readonly saved: readonly (readonly Value[])[];
  /** Events that were passed, in order. */
  readonly events: readonly PassedEvent[];
  /** Fraction of the last step at which an event ended the solve; the step's end where it is absent. */
  readonly endTheta?: number;
  /** Numbers of the saved states that are the start itself. */
  readonly savedAtStart: readonly number[];
  /** Dense output of every accepted step, if it was to be kept. */
  readonly dense: readonly DenseStep[];
  readonly stats: SolveStatistics;
  /** Frees the state, the saved ones, the tape and dense output. */
  release(): void;
}

/**
 * Solves step by step: yields a record of every attempted step and returns the trajectory. Numerical failure ends it with a
 * code and the last good state.
 */
export function* integrateValues(
  ode: OdePrograms,
  start: OdeStart,
  options: IntegrateOptions,
): Generator<StepRecord, Trajectory> {
  const integration = new Integration(ode, start, options);
  try {
    integration.begin();
    for (let record = integration.next(); record; record = integration.next()) yield record;
    return integration.finish();
  } finally {
    integration.close();
  }
}

/** Solves to the end at once: without a generator, a step of a small system takes half the time. */
export function solveValues(ode: OdePrograms, start: OdeStart, options: IntegrateOptions): Trajectory {
  const integration = new Integration(ode, start, options);
  try {
    integration.begin();
    while (integration.next());
    return integration.finish();
  } finally {
    integration.close();
  }
}
