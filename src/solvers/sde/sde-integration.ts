import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { type ControllerState, initialControllerState, judge } from "../ode/controllers.js";
import { reasonToStop } from "../ode/reason-to-stop.js";
import { ResidualMemory } from "../ode/residual-memory.js";
import { Route } from "../ode/route.js";
import { SavePoints } from "../ode/save-points.js";
import type { StepRecord } from "../ode/step-records.js";
import { NoiseSource } from "./noise-source.js";
import { automaticSdeStep, firstStepEvaluations } from "./sde-first-step.js";
import type { SdeAttempt, SdePrograms, SdeStep } from "./sde-programs.js";
import type { SdeResultCode } from "./sde-solution.js";
import type { IntegrateSdeOptions, SdeStart, SdeTapeEntry, SdeTrajectory } from "./sde-trajectory.js";

/** A stochastic solve under way: where it is, and what it has seen. */
class SdeIntegration {
  private readonly steps: StepRecord[] = [];
  private readonly tape: SdeTapeEntry[] = [];
  private readonly saved: (readonly Value[])[] = [];
  private readonly savedAtStart: readonly number[];
  private readonly points: SavePoints;
  private readonly route: Route;
  private readonly noise: NoiseSource;
  private readonly room: ResidualMemory;
  private accepted = 0;
  private evaluationsBefore = 0;
  private t: number;
  /** Size of the next attempt. */
  private h: number;
  private state: readonly Value[];
  private control: ControllerState;
  private code: SdeResultCode | undefined;

  constructor(
    private readonly sde: SdePrograms,
    private readonly start: SdeStart,
    private readonly options: IntegrateSdeOptions,
    private readonly scope: ValueScope,
  ) {
    const { span, path, state } = start;
    const { saveAt = [], tape, remembersPath, controller, grid, firstStep: given = 0 } = options;
    this.route = new Route(span, [], sde.target.precision);
    this.noise = new NoiseSource(path, scope, { path: remembersPath, values: tape });
    this.room = new ResidualMemory(sde.target, options.residualBytes);
    this.points = new SavePoints(saveAt);
    this.control = initialControllerState(controller);
    this.t = span[0];
    this.state = state;
    this.h = given;
    if (!grid && !given) {
      const { h, finite } = automaticSdeStep(sde, start, options);
      this.h = h;
      this.evaluationsBefore = firstStepEvaluations;
      if (!finite) this.code = "nonFinite";
    }
    this.savedAtStart = this.points.atStart(this.t);
    for (const _ of this.savedAtStart) this.saved.push(scope.own(sde.copy(state)));
  }

  /** Attempts the next step; undefined at the end, or where the solve cannot go on. */
  next(): StepRecord | undefined {
    if (this.t === this.start.span[1]) return undefined;
    const { grid } = this.options;
    const end = grid ? grid[this.steps.length] : this.route.endOfStep(this.t, this.h);
    this.code ??= reasonToStop(this.options, this.steps, this.t, this.h, end, this.route);
    return this.code ? undefined : this.advance(end);
  }

  /** Attempts the step to a time, and goes there if it is good enough. */
  private advance(end: number): StepRecord {
    const { controller, grid, tape } = this.options;
    const { name: method, order } = this.sde.method;
    const [t, h] = [this.t, end - this.t];
    const step: SdeStep = { t, h, state: this.state, noise: this.noise.propose(t, end) };
    const attempt = this.sde.attempt(step, this.start.params, this.options, tape && this.room.hasRoom);
    this.scope.own(attempt.made);
    const { error, stiffness } = attempt;
    const verdict = judge(controller, this.control, error, order);
    const accepted = grid ? Number.isFinite(error) : verdict.accepted;
    const record: StepRecord = { t, h, error, errorFloor: 0, stiffness, accepted, method };
    this.steps.push(record);
    this.h = h * verdict.factor;
    this.control = verdict.state;
    if (accepted) this.goOn(end, step, attempt);
    else {
      this.noise.reject(step.noise);
      this.scope.free(attempt.made);
      if (grid) this.code = "nonFinite";
    }
    return record;
  }

  /** Goes to the end of an accepted step. */
  private goOn(end: number, step: SdeStep, { made, next, residuals }: SdeAttempt): void {
    const { scope, sde } = this;
    this.accepted++;
    const saved = this.points.passed(step.t, { end, from: end });
    for (const { theta } of saved) {
      this.saved.push(scope.own(sde.combination(1 - theta, step.state, theta, next)));
    }
    this.noise.accept(step.noise, end);
    if (residuals) this.room.add(made, residuals);
    const kept = residuals?.places.map((place) => made[place]);
    if (this.options.tape) this.tape.push({ ...step, saved, residuals: kept });
    else scope.free(step.state);
    this.state = next;
    this.t = end;
  }

  /** What the steps so far make. */
  trajectory(): SdeTrajectory {
    const { code = "success", t, state, steps, tape, saved, savedAtStart, accepted, scope } = this;
    const { drift, diffusion } = this.sde.method.evaluations;
    const evaluations = (perAttempt: number): number => this.evaluationsBefore + perAttempt * steps.length;
    return {
      code,
      t,
      state,
      steps,
      tape,
      saved,
      savedAtStart,
      stats: {
        nfe: { drift: evaluations(drift), diffusion: evaluations(diffusion) },
        accepted,
        rejected: steps.length - accepted,
      },
      release: () => scope.release(),
    };
  }
}

/**
 * Solves step by step: yields a record of every attempted step and returns the trajectory. Numerical failure ends it with a
 * code and the last good state.
 */
export function* integrateSdeValues(
  sde: SdePrograms,
  start: SdeStart,
  options: IntegrateSdeOptions,
): Generator<StepRecord, SdeTrajectory> {
  const scope = new ValueScope(sde.target);
  let trajectory: SdeTrajectory | undefined;
  try {
    const integration = new SdeIntegration(sde, start, options, scope);
    for (let record = integration.next(); record; record = integration.next()) yield record;
    trajectory = integration.trajectory();
    return trajectory;
  } finally {
    if (!trajectory) scope.release();
  }
}

/** Solves to the end at once: without a generator, a step of a small system takes less time. */
export function solveSdeValues(
  sde: SdePrograms,
  start: SdeStart,
  options: IntegrateSdeOptions,
): SdeTrajectory {
  const scope = new ValueScope(sde.target);
  let trajectory: SdeTrajectory | undefined;
  try {
    const integration = new SdeIntegration(sde, start, options, scope);
    while (integration.next());
    trajectory = integration.trajectory();
    return trajectory;
  } finally {
    if (!trajectory) scope.release();
  }
}
