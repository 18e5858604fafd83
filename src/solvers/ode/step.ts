import type { Program, Value } from "../../compiler/targets/target.js";
import type { TracedEvent } from "./event.js";
import type { OneStepMethod } from "./method.js";
import type { Residuals, TapeEntry } from "./step-records.js";

/** Relative and absolute tolerance. */
export interface Tolerances {
  readonly rtol: number;
  readonly atol: number;
}

/** How a step is attempted. */
export interface AttemptOptions extends Tolerances {
  /** Whether dense output is wanted. */
  readonly dense: boolean;
  /** Whether what the step's pullback would compute again is wanted. @defaultValue false */
  readonly residuals?: boolean;
  /** What an earlier attempt of this kind made and nobody needs: it may be written to, and returned again. */
  readonly spare?: readonly Value[];
}

/**
 * Where a step starts: the state's leaves and, where the method carries it from step to step, those of its slope. More may
 * follow, which means nothing to the step.
 */
export type StepStart = readonly Value[];

/** A step that may yet be rejected. */
export interface Attempt {
  /** All values that the attempt made. */
  readonly made: readonly Value[];
  /** Those of them that the next step starts from, perhaps with more behind them. */
  readonly next: StepStart;
  /** E; for a method without an estimate 0, or NaN after overflow. */
  readonly error: number;
  readonly errorFloor: number;
  readonly stiffness: number;
  /** Coefficients of dense output, power by power, leaf by leaf; none if not wanted. */
  readonly dense: readonly Value[];
  /** There if wanted. */
  readonly residuals?: Residuals;
}

/** Cotangents of what a step yields. */
export interface StepCotangents {
  /** Those of what the next step starts from. */
  readonly next: StepStart;
  /** Those of states within the step, if there are any. */
  readonly within?: WithinCotangents;
  readonly error: number;
  readonly stiffness: number;
}

/** Cotangents of states within a step, as they fall on its start and on the coefficients of dense output. */
export interface WithinCotangents {
  readonly state: readonly Value[];
  readonly dense: readonly Value[];
}

/** One way to advance a solution, with its derivative: all that the loop and the adjoint know of a method. */
export interface Step {
  readonly method: OneStepMethod;
  /** Whether attempts with neither dense output nor residuals write to what is spare. */
  readonly usesSpare: boolean;
  attempt(start: StepStart, t: number, h: number, params: readonly Value[], options: AttemptOptions): Attempt;
  /** Gradients for what the step started from and, behind them, parameter gradients added to a running sum; h is held constant. */
  pullback(
    entry: Pick<TapeEntry, "t" | "h" | "start" | "made" | "residuals">,
    params: readonly Value[],
    tolerances: Tolerances,
    cotangents: StepCotangents,
    sum: readonly Value[],
  ): readonly Value[];
  /** The state at a fraction of a step, new values, from the step's start and coefficients of dense output. */
  interpolate(start: StepStart, dense: readonly Value[], theta: number): Value[];
  /** Adds the pullback of the state at a fraction of a step to the cotangents of what it came from; returns new sums. */
  interpolationPullback(theta: number, cotangent: readonly Value[], sums: WithinCotangents): WithinCotangents;
  /** The program that tells what events watch at a fraction of a step, in use until released. */
  watch(events: readonly TracedEvent[]): { readonly value: Program; release(): void };
  dispose(): void;
}
