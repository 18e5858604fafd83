import type { ArrayLike } from "../../compiler/nd-array.js";
import type { Precision, TargetName } from "../../compiler/targets/target.js";
import type { Tree } from "../../compiler/tree.js";
import type { FoundEvent } from "./event.js";
import type { ArraysOf } from "./ode-problem.js";
import type { StepRecord } from "./step-records.js";

/** How a solve ended: with success, at an event that was to end it, or before its end. */
export type ResultCode =
  | "success"
  | "event"
  | "maximumSteps"
  | "stepUnderflow"
  | "nonFinite"
  | "stiff"
  | "stopped";

/** Evaluations of the vector field, by purpose. */
export interface FunctionEvaluations {
  /** All of them. */
  readonly total: number;
  /** The slope at the start, after every jump, and where a method takes over that was not handed one. */
  readonly start: number;
  /** The trial evaluation of the automatic first step. */
  readonly firstStep: number;
  /** Stages of attempted steps, accepted or not. */
  readonly steps: number;
}

/** Evaluations while they are counted. */
export interface EvaluationCounts {
  start: number;
  firstStep: number;
  steps: number;
  jacobians: number;
}

/** What a solve cost. */
export interface SolveStatistics {
  readonly nfe: FunctionEvaluations;
  /** Jacobians of the field, which explicit methods do without; what they cost is not part of `nfe`. */
  readonly jacobians: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Accepted steps whose error estimate is mostly rounding: below five times its floor. */
  readonly noisy: number;
  /** Accepted steps whose S |h| is at the end of the (first) method's stability region, or beyond. */
  readonly stiff: number;
}

/** A solved problem, or how far it came; numerical failure is a code, never an exception. */
export interface Solution<Y = Tree<ArrayLike>> {
  readonly code: ResultCode;
  /** What happened, and what to do about it; empty after an undisturbed solve. */
  readonly message: string;
  /** Times of the saved states: those of `saveAt` that were reached; without, the last time reached. */
  readonly ts: Float64Array;
  /** The saved states: each array of the state with a leading axis, as long as `ts`. */
  readonly ys: ArraysOf<Y>;
  /** State at the last time reached. */
  readonly y1: ArraysOf<Y>;
  /** Times of the start and of every accepted step's end; those after the start, given as a grid, repeat the solve. */
  readonly stepTimes: Float64Array;
  /**
   * The state at any time that was passed, by the steps' own polynomials.
   *
   * @throws RangeError for another time, or when the problem was solved without `dense: true`.
   */
  at(t: number): ArraysOf<Y>;
  /** The events that were found, in order; none unless some were looked for. */
  readonly events: readonly FoundEvent<Y>[];
  /** Every attempted step, in order. */
  readonly steps: readonly StepRecord[];
  readonly stats: SolveStatistics;
  readonly precision: Precision;
  readonly target: TargetName;
}

/** An estimate within this many floors is called noise: those of rounding alone are at 2 to 4 floors in most networks. */
const noiseFactor = 5;

/** Counts of a solve from its records. */
export function statisticsOf(
  steps: readonly StepRecord[],
  evaluations: Readonly<EvaluationCounts>,
  stiff: number,
): SolveStatistics {
  let [accepted, noisy] = [0, 0];
  for (const step of steps) {
    if (!step.accepted) continue;
    accepted++;
    if (step.error < noiseFactor * step.errorFloor) noisy++;
  }
  const { start, firstStep, steps: inSteps, jacobians } = evaluations;
  return {
    nfe: { total: start + firstStep + inSteps, start, firstStep, steps: inSteps },
    jacobians,
    accepted,
    rejected: steps.length - accepted,
    noisy,
    stiff,
  };
}

const stiffAdvice = "use a stiff method such as rosenbrock23, or autoSwitch(tsit5, rosenbrock23)";

/** The sentence that goes with a result code. */
export function messageOf(code: ResultCode, t: number, stats: SolveStatistics, precision: Precision): string {
  if (code === "success") return noiseMessage(stats, precision);
  const at = `at t = ${Number(t.toPrecision(6))}`;
  switch (code) {
    case "maximumSteps":
      return stats.stiff > stats.accepted / 2
        ? `the limit of ${stats.accepted + stats.rejected} steps was reached ${at}; the problem is probably stiff, for stability held back ${stats.stiff} of the ${stats.accepted} accepted steps: ${stiffAdvice}`
        : `the limit of ${stats.accepted + stats.rejected} steps was reached ${at}; loosen the tolerances, raise maxSteps, or use a stiff method`;
    case "stiff":
      return `the problem is stiff ${at}: stability, not accuracy, held back the last steps; ${stiffAdvice}`;
    case "event":
      return `an event ended the solve ${at}`;
    case "stepUnderflow":
      return `the step size fell below the resolution of time ${at}; the solution may blow up there, or the tolerances are below what ${precision} can give`;
    case "nonFinite":
      return `the vector field returned NaN or infinity ${at}; check it for overflow, division by zero and logarithms there`;
    case "stopped":
      return `the solve was stopped ${at}`;
  }
}

function noiseMessage({ noisy, accepted }: SolveStatistics, precision: Precision): string {
  return noisy > accepted / 2
    ? `the error estimate of ${noisy} of ${accepted} steps is mostly ${precision} rounding; loosen the tolerances or use float64`
    : "";
}
