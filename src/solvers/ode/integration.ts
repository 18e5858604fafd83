import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { beginning } from "./beginning.js";
import { type ControllerState, initialControllerState, judge } from "./controllers.js";
import { type Crossing, EventSearch } from "./event-search.js";
import type { IntegrateOptions, OdeStart, Trajectory } from "./integrate-values.js";
import { KeptStates } from "./kept-states.js";
import type { OneStepMethod } from "./method.js";
import type { OdePrograms } from "./ode-programs.js";
import { Route } from "./route.js";
import { type EvaluationCounts, type ResultCode, statisticsOf } from "./solution.js";
import type { Attempt, Step, StepStart } from "./step.js";
import type { StepRecord } from "./step-records.js";
import type { StiffnessWatch } from "./stiffness-watch.js";

const none: readonly never[] = [];

/** A solve under way: where it is, what it has seen, and the values that it has made. */
export class Integration {
  private readonly steps: StepRecord[] = [];
  private readonly scope: ValueScope;
  /** There if some are looked for. */
  private readonly events?: EventSearch;
  private readonly route: Route;
  private readonly kept: KeptStates;
  private readonly stiffness: StiffnessWatch;
  private readonly evaluations: EvaluationCounts = { start: 0, firstStep: 0, steps: 0, jacobians: 0 };
  /** How many leaves the state has. */
  private readonly leaves: number;
  private t: number;
  /** Size of the next attempt. */
  private h = 0;
  /** The state and, where it is known and needed, its slope. */
  private current: StepStart;
  private slopeIsNew = true;
  /** Whether these are all values that a plain attempt made, by the method that takes the next step. */
  private startIsPlain = false;
  /** What such an attempt made and nothing needs any more. */
  private spare: readonly Value[] | undefined;
  private control: ControllerState;
  private code: ResultCode | undefined;
  private endTheta: number | undefined;
  private isFinished = false;

  constructor(
    private readonly ode: OdePrograms,
    private readonly start: OdeStart,
    private readonly options: IntegrateOptions,
  ) {
    this.scope = new ValueScope(ode.target);
    if (options.events?.length) this.events = new EventSearch(ode, options.events);
    this.route = new Route(start.span, options.jumpTimes ?? none, ode.target.precision);
    this.kept = new KeptStates(ode, this.scope, options);
    this.stiffness = ode.watchStiffness();
    this.control = initialControllerState(options.controller);
    this.leaves = start.state.length;
    this.current = start.state;
    this.t = start.span[0];
  }

  /** Finds the first step's size, and takes note of what there is at the start. */
  begin(): void {
    const { h, slope, code, evaluations } = beginning(
      this.ode,
      this.start,
      this.options,
      this.route,
      this.scope,
    );
    Object.assign(this.evaluations, evaluations);
    if (slope.length > 0) this.current = [...this.current, ...slope];
    this.h = h;
    this.code = code;
    this.kept.start(this.start);
    this.events?.start(this.start);
  }

  /** Attempts the next step; undefined at the end, or where the solve cannot or need not go on. */
  next(): StepRecord | undefined {
    if (this.t === this.start.span[1]) return undefined;
    const { grid, maxStep = Number.POSITIVE_INFINITY } = this.options;
    this.h = Math.sign(this.h) * Math.min(Math.abs(this.h), maxStep);
    const end = grid ? grid[this.steps.length] : this.route.endOfStep(this.t, this.h);
    this.code ??= this.reasonToStop(end);
    return this.code ? undefined : this.advance(end);
  }

  /** Attempts the step to a time, and goes there if it is good enough. */
  private advance(end: number): StepRecord {
    const { controller, grid } = this.options;
    const { step } = this.stiffness;
    const { name: method, errorOrder } = step.method;
    const planned = this.h;
    const attempt = this.attempt(step, end);
    const { error, errorFloor, stiffness } = attempt;
    const verdict = judge(controller, this.control, error, errorOrder);
    const accepted = grid ? Number.isFinite(error) : verdict.accepted;
    const h = end - this.t;
    const record: StepRecord = { t: this.t, h, error, errorFloor, stiffness, accepted, method };
    this.steps.push(record);
    this.h = h * verdict.factor;
    this.control = verdict.state;
    if (accepted) {
      const jumped = this.goOn(step, end, attempt);
      // a step that was cut short at a jump says nothing against the size that was planned
      if (jumped) this.h = Math.sign(h) * Math.max(Math.abs(this.h), Math.abs(planned));
      this.watchStiffness(record);
    } else {
      this.retire(step, attempt.made, isPlain(attempt));
      if (grid) this.code = "nonFinite";
    }
    return record;
  }

  /** A step that may yet be rejected. */
  private attempt(step: Step, end: number): Attempt {
    const { params } = this.start;
    const { method } = step;
    if (method.carriesSlope && this.current.length === this.leaves) this.evaluateSlope();
    const dense = this.kept.needsDense(this.t, end);
    const { rtol, atol } = this.options;
    const residuals = this.kept.needsResiduals;
    const spare = dense || residuals ? undefined : this.spare;
    const wanted = { rtol, atol, dense, residuals, spare };
    const attempt = step.attempt(this.current, this.t, end - this.t, params, wanted);
    if (spare) this.spare = undefined;
    else this.scope.own(attempt.made);
    this.evaluations.steps += method.evaluations(dense);
    this.evaluations.jacobians += method.jacobians;
    return attempt;
  }

  private evaluateSlope(): void {
    const slope = this.scope.own(this.ode.slope(this.current, this.start.params, this.t));
    this.current = [...this.current, ...slope];
    this.slopeIsNew = true;
    this.evaluations.start++;
  }

  /** Goes to the end of an accepted step, or to an event before it; returns whether across a jump. */
  private goOn(step: Step, end: number, attempt: Attempt): boolean {
    const { made, next, dense, residuals } = attempt;
    const { t, current: start, slopeIsNew } = this;
    const h = end - t;
    const from = this.route.goOn(end);
    const crossings = this.events ? this.crossings(this.events, step, h, dense) : none;
    const stop = crossings.length > 0 ? crossings.find(({ terminal }) => terminal) : undefined;
    const saved = this.kept.passed(t, { end, from: stop?.t ?? from });
    const entry = { step, t, h, start, slopeIsNew, made, residuals, saved };
    const states = this.kept.accept(entry, dense, crossings);
    if (this.kept.forgetsStarts) this.retire(step, start, this.startIsPlain);
    this.current = next;
    this.startIsPlain = isPlain(attempt);
    this.slopeIsNew = false;
    this.t = from;
    if (stop) this.stopAt(stop, states[states.length - 1]);
    else if (from !== end) this.forgetSlope();
    return from !== end;
  }

  /** Frees values that nothing needs any more, or keeps those of a plain attempt for the next one to write to. */
  private retire(step: Step, values: readonly Value[], arePlain: boolean): void {
    if (arePlain && !this.spare && step.usesSpare) this.spare = values;
    else this.scope.free(values);
  }

  private stopAt({ t, theta }: Crossing, state: readonly Value[]): void {
    this.current = state;
    this.endTheta = theta;
    this.t = t;
    this.code = "event";
  }

  /** The events within a step from here. */
  private crossings(
    events: EventSearch,
    step: Step,
    h: number,
    dense: readonly Value[],
  ): readonly Crossing[] {
    const state = this.current.slice(0, this.leaves);
    return events.within({ step, t: this.t, h, state }, dense, this.start.params);
  }

  /** Changes the method, or stops, if the problem has turned out to be stiff or no longer is. */
  private watchStiffness(record: StepRecord): void {
    const before = this.stiffness.step.method;
    const factor = this.stiffness.accept(record);
    const isThere = this.t === this.start.span[1];
    if (this.options.stopWhenStiff && this.stiffness.isStiff && !isThere) this.code ??= "stiff";
    const { method } = this.stiffness.step;
    if (method !== before) this.changeMethod(before, method, factor);
  }

  private changeMethod(before: OneStepMethod, method: OneStepMethod, factor: number): void {
    this.h *= factor;
    if (this.spare) this.scope.free(this.spare);
    this.spare = undefined;
    this.startIsPlain = false;
    // errors by another estimate say nothing about the next ones
    this.control = initialControllerState(this.options.controller);
    if (!(before.carriesSlope && method.carriesSlope)) this.forgetSlope();
  }

  private forgetSlope(): void {
    // the step's pullback may need its last slope
    if (!this.options.tape) this.scope.free(this.current.slice(this.leaves));
    this.current = this.current.slice(0, this.leaves);
    this.startIsPlain = false;
  }

  /** Why the step to a time is not to be tried, if so. */
  private reasonToStop(end: number): ResultCode | undefined {
    const { signal, maxSteps, minStep = 0 } = this.options;
    if (signal?.aborted) return "stopped";
    if (this.steps.length >= maxSteps) return "maximumSteps";
    const resolution = this.route.resolution(this.t);
    const isLast = end !== this.t + this.h;
    // what is left of the way may be as short as it is
    const smallest = isLast ? resolution : Math.max(resolution, minStep);
    return Math.abs(end - this.t) >= smallest ? undefined : this.reasonForSmallStep();
  }

  /** The last attempt tells why the step size has become so small. */
  private reasonForSmallStep(): ResultCode {
    const last = this.steps[this.steps.length - 1];
    return last && !Number.isFinite(last.error) ? "nonFinite" : "stepUnderflow";
  }

  /** What the steps so far make, with all values. */
  finish(): Trajectory {
    const { t, steps, endTheta, evaluations, scope } = this;
    const trajectory = {
      code: this.code ?? "success",
      t,
      state: this.current.slice(0, this.leaves),
      steps,
      endTheta,
      ...this.kept.results(),
      stats: statisticsOf(steps, evaluations, this.stiffness.stiffSteps),
      release: () => scope.release(),
    };
    this.isFinished = true;
    return trajectory;
  }

  /** Lets go of programs, and of all values if they are not a trajectory's. */
  close(): void {
    this.events?.release();
    if (!this.isFinished) this.scope.release();
  }
}

/** Whether an attempt made no more than what the next step starts from. */
function isPlain({ made, next, residuals }: Attempt): boolean {
  return made === next && !residuals;
}
