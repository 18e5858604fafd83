import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import type { Trajectory } from "./integrate-values.js";
import type { OdePrograms } from "./ode-programs.js";
import type { Step, StepState, Tolerances, WithinCotangents } from "./step.js";
import type { TapeEntry } from "./step-records.js";

/** Derivatives of a loss by what a solve yields. */
export interface TrajectoryCotangents {
  /** By the state at the end. */
  readonly state: readonly Value[];
  /** By each saved state, in the order of the trajectory's. @defaultValue zeros */
  readonly saved?: readonly (readonly Value[])[];
  /** By E of each accepted step. @defaultValue zeros */
  readonly error?: Float64Array;
  /** By S of each accepted step. @defaultValue zeros */
  readonly stiffness?: Float64Array;
}

/** Gradients of a loss by what a solve starts from; the caller frees them. */
export interface OdeGradients {
  readonly state: readonly Value[];
  readonly params: readonly Value[];
}

/**
 * Discrete adjoint: the exact derivative of the steps that were taken, swept backwards over the tape, with every step size
 * held constant (Pal et al., ICML 2021, train this way: a gradient through the controller would cancel the penalty). However
 * many states were saved within a step, it is pulled back once. Where an event ended the solve, its time is held constant too.
 *
 * @throws RangeError when the trajectory has no tape, or there is not one cotangent per accepted step or saved state.
 */
export function pullbackTrajectory(
  ode: OdePrograms,
  params: readonly Value[],
  trajectory: Trajectory,
  tolerances: Tolerances,
  cotangents: TrajectoryCotangents,
): OdeGradients {
  const { tape, endTheta = 1 } = trajectory;
  if (tape.length !== trajectory.stats.accepted) {
    throw new RangeError("the trajectory has no tape; solve with the option tape: true to differentiate it");
  }
  const error = perStep("error", cotangents.error, tape.length);
  const stiffness = perStep("stiffness", cotangents.stiffness, tape.length);
  const saved = perSavedState(cotangents.saved, trajectory);
  const endsWithin = endTheta < 1;
  const sweep = new Sweep(ode, params, endsWithin ? ode.zeros.state : cotangents.state);
  try {
    for (let i = tape.length - 1; i >= 0; i--) {
      const entry = tape[i];
      const points = saved ? savedPoints(entry, saved) : [];
      if (endsWithin && i === tape.length - 1) points.push({ theta: endTheta, cotangent: cotangents.state });
      const within = sweep.addPoints(entry.step, points);
      const next = sweep.endOf(entry.step);
      const step = { next, within, error: error[i], stiffness: stiffness[i] };
      const { start, params: sum } = entry.step.pullback(entry, params, tolerances, step, sweep.sum);
      sweep.moveTo(start, sum, within);
      if (entry.slopeIsNew && entry.step.method.carriesSlope) sweep.pullBackSlope(entry.state, entry.t);
    }
    for (const index of trajectory.savedAtStart) if (saved) sweep.addToState(saved[index]);
    return sweep.gradients();
  } finally {
    sweep.release();
  }
}

/** A cotangent of a state at a fraction of a step. */
interface PointCotangent {
  readonly theta: number;
  readonly cotangent: readonly Value[];
}

function savedPoints({ saved }: TapeEntry, cotangents: readonly (readonly Value[])[]): PointCotangent[] {
  return saved.map(({ index, theta }) => ({ theta, cotangent: cotangents[index] }));
}

/** The cotangents that a sweep carries from step to step, and who frees them. */
class Sweep {
  /** The slope's is empty where there is none. */
  private cotangent: StepState;
  sum: readonly Value[];
  private readonly scope: ValueScope;

  constructor(
    private readonly ode: OdePrograms,
    private readonly params: readonly Value[],
    state: readonly Value[],
  ) {
    this.scope = new ValueScope(ode.target);
    this.sum = ode.zeros.params;
    this.cotangent = { state, slope: [] };
  }

  /** The cotangents of what a step ends with. */
  endOf({ method }: Step): StepState {
    const { state, slope } = this.cotangent;
    const isUnused = method.carriesSlope && slope.length === 0;
    return { state, slope: isUnused ? this.ode.zeros.state : slope };
  }

  /** Adds cotangents of states at a step's end to its next state's; returns those of states within the step. */
  addPoints(step: Step, points: readonly PointCotangent[]): WithinCotangents | undefined {
    let sums: WithinCotangents | undefined;
    for (const { theta, cotangent } of points) {
      if (theta === 1) {
        this.addToState(cotangent);
        continue;
      }
      const before = sums ?? { state: this.ode.zeros.state, dense: this.ode.zeroDense(step) };
      sums = step.interpolationPullback(theta, cotangent, before);
      this.scope.own([...sums.state, ...sums.dense]);
      this.scope.free([...before.state, ...before.dense]);
    }
    return sums;
  }

  /** Goes on to a step's start, where the gradients of its pullback are cotangents. */
  moveTo(start: StepState, sum: readonly Value[], within: WithinCotangents | undefined): void {
    this.scope.own([...start.state, ...start.slope, ...sum]);
    this.scope.free([...this.cotangent.state, ...this.cotangent.slope, ...this.sum]);
    if (within) this.scope.free([...within.state, ...within.dense]);
    this.cotangent = start;
    this.sum = sum;
  }

  /** Pulls the first stage back to the state at which it was evaluated. */
  pullBackSlope(state: readonly Value[], t: number): void {
    const { state: before, slope } = this.cotangent;
    const sums = { state: before, params: this.sum };
    const gradients = this.ode.slopePullback(state, this.params, t, slope, sums);
    this.scope.own([...gradients.state, ...gradients.params]);
    this.scope.free([...before, ...slope, ...this.sum]);
    this.cotangent = { state: gradients.state, slope: [] };
    this.sum = gradients.params;
  }

  addToState(cotangent: readonly Value[]): void {
    const { state, slope } = this.cotangent;
    this.cotangent = { state: this.scope.own(this.ode.sum(state, cotangent)), slope };
    this.scope.free(state);
  }

  /** What was swept together, handed over; what is still the caller's or the programs' is copied. */
  gradients(): OdeGradients {
    const handedOver = (values: readonly Value[]): readonly Value[] =>
      this.scope.surrender(
        values.map((value) => (this.scope.owns(value) ? value : this.ode.copy([value])[0])),
      );
    return { state: handedOver(this.cotangent.state), params: handedOver(this.sum) };
  }

  release(): void {
    this.scope.release();
  }
}

function perStep(name: string, cotangents: Float64Array | undefined, steps: number): Float64Array {
  if (cotangents && cotangents.length !== steps) {
    throw new RangeError(
      `cotangents.${name} needs one number per accepted step, ${steps}, got ${cotangents.length}`,
    );
  }
  return cotangents ?? new Float64Array(steps);
}

function perSavedState(
  cotangents: readonly (readonly Value[])[] | undefined,
  { saved }: Trajectory,
): readonly (readonly Value[])[] | undefined {
  if (cotangents && cotangents.length !== saved.length) {
    throw new RangeError(
      `cotangents.saved needs one state per saved state, ${saved.length}, got ${cotangents.length}`,
    );
  }
  return cotangents;
}
