import type { ValueScope } from "../../compiler/targets/value-scope.js";
import { type Beginning, beginning } from "./beginning.js";
import { type ControllerState, initialControllerState, judge } from "./controllers.js";
import type { EventSearch } from "./event-search.js";
import type { IntegrateOptions, OdeStart, Trajectory } from "./integrate-values.js";
import { KeptStates } from "./kept-states.js";
import type { OdePrograms } from "./ode-programs.js";
import { Route } from "./route.js";
import { type EvaluationCounts, type ResultCode, statisticsOf } from "./solution.js";
import type { Attempt, StepState } from "./step.js";
import type { StepRecord } from "./step-records.js";
import type { StiffnessWatch } from "./stiffness-watch.js";

/** A solve under way: where it is, and what it has seen. */
export class Integration {
  private readonly steps: StepRecord[] = [];
  private readonly route: Route;
  private readonly kept: KeptStates;
  private readonly stiffness: StiffnessWatch;
  private readonly evaluations: EvaluationCounts;
  private t: number;
  /** Size of the next attempt. */
  private h: number;
  /** The slope is empty where it is not known, or not needed. */
  private current: StepState;
  private slopeIsNew = true;
  private control: ControllerState;
  private code: ResultCode | undefined;
  private endTheta: number | undefined;

  constructor(
    private readonly ode: OdePrograms,
    private readonly start: OdeStart,
    private readonly options: IntegrateOptions,
    private readonly scope: ValueScope,
    private readonly events: EventSearch,
  ) {
    this.route = new Route(start.span, options.jumpTimes ?? [], ode.target.precision);
    this.kept = new KeptStates(ode, scope, options);
    this.stiffness = ode.watchStiffness();
    this.control = initialControllerState(options.controller);
    const begin: Beginning = beginning(ode, start, options, this.route, scope);
    this.evaluations = { ...begin.evaluations };
    this.current = { state: start.state, slope: begin.slope };
    this.t = start.span[0];
    this.h = begin.h;
    this.code = begin.code;
    this.kept.start(start);
    this.events.start(start);
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
    const planned = this.h;
    const attempt = this.attempt(end);
    const { error, errorFloor, stiffness } = attempt;
    const { name: method, errorOrder } = this.stiffness.step.method;
    const verdict = judge(controller, this.control, error, errorOrder);
    const accepted = grid ? Number.isFinite(error) : verdict.accepted;
    const h = end - this.t;
    const record: StepRecord = { t: this.t, h, error, errorFloor, stiffness, accepted, method };
    this.steps.push(record);
    this.h = h * verdict.factor;
    this.control = verdict.state;
    if (accepted) {
      const jumped = this.goOn(end, attempt);
      // a step that was cut short at a jump says nothing against the size that was planned
      if (jumped) this.h = Math.sign(h) * Math.max(Math.abs(this.h), Math.abs(planned));
      this.watchStiffness(record);
    } else {
      this.scope.free(attempt.made);
      if (grid) this.code = "nonFinite";
    }
    return record;
  }

  /** A step that may yet be rejected. */
  private attempt(end: number): Attempt {
    const { step } = this.stiffness;
    const { params } = this.start;
    if (step.method.carriesSlope && this.current.slope.length === 0) {
      const { state } = this.current;
      this.current = { state, slope: this.scope.own(this.ode.slope(state, params, this.t)) };
      this.slopeIsNew = true;
      this.evaluations.start++;
    }
    const dense = this.kept.needsDense(this.t, end);
    const { rtol, atol } = this.options;
    const wanted = { rtol, atol, dense, residuals: this.kept.needsResiduals };
    const attempt = step.attempt(this.current, this.t, end - this.t, params, wanted);
    this.scope.own(attempt.made);
    this.evaluations.steps += step.method.evaluations(dense);
    this.evaluations.jacobians += step.method.jacobians;
    return attempt;
  }

  /** Goes to the end of an accepted step, or to an event before it; returns whether across a jump. */
  private goOn(end: number, attempt: Attempt): boolean {
    const { step } = this.stiffness;
    const { t: from, jumped } = this.route.goOn(end);
    const entry = { step, t: this.t, h: end - this.t, ...this.current, slopeIsNew: this.slopeIsNew };
    const crossings = this.events.within(entry, attempt.dense, this.start.params);
    const stop = crossings.find(({ terminal }) => terminal);
    const states = this.kept.accept(entry, attempt, { end, from: stop?.t ?? from }, crossings);
    this.current = attempt.next;
    this.slopeIsNew = false;
    this.t = from;
    if (stop) {
      this.current = { state: states[states.length - 1], slope: [] };
      this.endTheta = stop.theta;
      this.t = stop.t;
      this.code = "event";
    } else if (jumped) this.forgetSlope();
    return jumped;
  }

  /** Changes the method, or stops, if the problem has turned out to be stiff or no longer is. */
  private watchStiffness(record: StepRecord): void {
    const before = this.stiffness.step.method;
    const factor = this.stiffness.accept(record);
    const isThere = this.t === this.start.span[1];
    if (this.options.stopWhenStiff && this.stiffness.isStiff && !isThere) this.code ??= "stiff";
    const { method } = this.stiffness.step;
    if (method === before) return;
    this.h *= factor;
    // errors by another estimate say nothing about the next ones
    this.control = initialControllerState(this.options.controller);
    if (!method.carriesSlope) this.forgetSlope();
  }

  private forgetSlope(): void {
    if (!this.options.tape) this.scope.free(this.current.slope); // the step's pullback may need its last slope
    this.current = { state: this.current.state, slope: [] };
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
    if (Math.abs(end - this.t) >= smallest) return undefined;
    // the last attempt tells why the step size has become so small
    const last = this.steps[this.steps.length - 1];
    return last && !Number.isFinite(last.error) ? "nonFinite" : "stepUnderflow";
  }

  /** What the steps so far make. */
  trajectory(): Trajectory {
    const { t, steps, endTheta, evaluations, scope } = this;
    return {
      code: this.code ?? "success",
      t,
      state: this.current.state,
      steps,
      endTheta,
      ...this.kept.results(),
      stats: statisticsOf(steps, evaluations, this.stiffness.stiffSteps),
      release: () => scope.release(),
    };
  }
}
