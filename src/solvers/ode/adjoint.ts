import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import type { Trajectory } from "./integrate-values.js";
import type { OdePrograms } from "./ode-programs.js";
import type { Step, StepStart, Tolerances, WithinCotangents } from "./step.js";
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
  const { error, stiffness } = cotangents;
  requirePerStep("error", error, tape.length);
  requirePerStep("stiffness", stiffness, tape.length);
  const saved = perSavedState(cotangents.saved, trajectory);
  const endsWithin = endTheta < 1;
  const sweep = new Sweep(ode, params, endsWithin ? ode.zeros.state : cotangents.state);
  try {
    for (let i = tape.length - 1; i >= 0; i--) {
      const entry = tape[i];
      const points = saved ? savedPoints(entry, saved) : [];
      if (endsWithin && i === tape.length - 1) points.push({ theta: endTheta, cotangent: cotangents.state });
      const within = sweep.addPoints(entry.step, points);
      sweep.pullBack(entry, tolerances, within, error?.[i] ?? 0, stiffness?.[i] ?? 0);
      if (entry.slopeIsNew && entry.step.method.carriesSlope) sweep.pullBackSlope(entry);
    }
    for (const index of trajectory.savedAtStart) if (saved) sweep.addToState(saved[index]);
    return sweep.results();
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
  /** Cotangents of the state's leaves and, where there are any, of its slope's; behind them the sums for the parameters. */
  private gradients: readonly Value[];
  private readonly scope: ValueScope;
  private readonly leaves: number;

  constructor(
    private readonly ode: OdePrograms,
    private readonly params: readonly Value[],
    state: readonly Value[],
  ) {
    this.scope = new ValueScope(ode.target);
    this.leaves = state.length;
    this.gradients = [...state, ...ode.zeros.params];
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

  /** Goes back from a step's end to its start. */
  pullBack(
    entry: TapeEntry,
    tolerances: Tolerances,
    within: WithinCotangents | undefined,
    error: number,
    stiffness: number,
  ): void {
    const cotangents = { next: this.endOf(entry.step), within, error, stiffness };
    this.moveTo(entry.step.pullback(entry, this.params, tolerances, cotangents, this.sum));
    if (within) this.scope.free([...within.state, ...within.dense]);
  }

  /** Pulls the first stage back to the state at which it was evaluated. */
  pullBackSlope({ start, t }: TapeEntry): void {
    const sums = { state: this.state, params: this.sum };
    const slope = this.gradients.slice(this.leaves, 2 * this.leaves);
    const gradients = this.ode.slopePullback(start.slice(0, this.leaves), this.params, t, slope, sums);
    this.moveTo([...gradients.state, ...gradients.params]);
  }

  addToState(cotangent: readonly Value[]): void {
    const { state } = this;
    this.gradients = [
      ...this.scope.own(this.ode.sum(state, cotangent)),
      ...this.gradients.slice(this.leaves),
    ];
    this.scope.free(state);
  }

  /** What was swept together, handed over; what is still the caller's or the programs' is copied. */
  results(): OdeGradients {
    const handedOver = (values: readonly Value[]): readonly Value[] =>
      this.scope.surrender(
        values.map((value) => (this.scope.owns(value) ? value : this.ode.copy([value])[0])),
      );
    return { state: handedOver(this.state), params: handedOver(this.sum) };
  }

  release(): void {
    this.scope.release();
  }

  /** Takes new cotangents in the place of those so far. */
  private moveTo(gradients: readonly Value[]): void {
    this.scope.free(this.gradients);
    this.gradients = this.scope.own(gradients);
  }

  /** The cotangents of what a step hands on: zeros for a last slope that nothing was computed from. */
  private endOf({ method }: Step): StepStart {
    const hasSlope = this.gradients.length > this.leaves + this.params.length;
    return method.carriesSlope && !hasSlope ? [...this.state, ...this.ode.zeros.state] : this.gradients;
  }

  private get state(): readonly Value[] {
    return this.gradients.slice(0, this.leaves);
  }

  private get sum(): readonly Value[] {
    return this.gradients.slice(this.gradients.length - this.params.length);
  }
}

function requirePerStep(name: string, cotangents: Float64Array | undefined, steps: number): void {
  if (!cotangents || cotangents.length === steps) return;
  throw new RangeError(
    `cotangents.${name} needs one number per accepted step, ${steps}, got ${cotangents.length}`,
  );
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
