import type { Precision } from "../../../compiler/targets/target.js";
import { type ControllerState, initialControllerState, judge } from "../controllers.js";
import type { IntegrateOptions } from "../integrate-values.js";
import type { OneStepMethod } from "../method.js";
import { reasonToStop } from "../reason-to-stop.js";
import { Route } from "../route.js";
import { SavePoints } from "../save-points.js";
import { type EvaluationCounts, type ResultCode, statisticsOf } from "../solution.js";
import type { SavedPoint, StepRecord } from "../step-records.js";
import { StiffnessWatch, stiffnessRule } from "../stiffness-watch.js";

/** What is to be known of an attempted step to judge it. */
export type StepEstimates = Pick<StepRecord, "error" | "errorFloor" | "stiffness">;

/** One lane of a solve, in numbers: where it is in time, what it tries next and what it has seen. */
export class Lane {
  readonly steps: StepRecord[] = [];
  readonly evaluations: EvaluationCounts = { start: 0, firstStep: 0, steps: 0, jacobians: 0 };
  /** Whether the slope at its state has to be evaluated: at the start, and after a jump. */
  needsSlope = true;
  code: ResultCode | undefined;
  t: number;
  private h = 0;
  private accepted = 0;
  private control: ControllerState;
  private readonly route: Route;
  private readonly points: SavePoints;
  private readonly stiffness: StiffnessWatch<{ readonly method: OneStepMethod }>;

  constructor(
    private readonly method: OneStepMethod,
    private readonly span: readonly [number, number],
    private readonly options: IntegrateOptions,
    precision: Precision,
  ) {
    this.t = span[0];
    this.route = new Route(span, options.jumpTimes ?? [], precision);
    this.points = new SavePoints(options.saveAt ?? []);
    this.stiffness = new StiffnessWatch({ method }, stiffnessRule);
    this.control = initialControllerState(options.controller);
  }

  /** Chooses the size of the first step; returns the numbers of the saved states that are the start itself. */
  begin(size: number): number[] {
    const [t0, t1] = this.span;
    // the choice knows no scale of time: where time is large, its smallest steps would not move it
    this.h = Math.sign(t1 - t0) * Math.max(size, this.options.firstStep ? 0 : 10 * this.route.resolution(t0));
    return this.points.atStart(t0);
  }

  /** The end of the step to be tried next; undefined at the lane's end, or where it cannot or need not go on. */
  plan(): number | undefined {
    if (this.code || this.t === this.span[1]) return undefined;
    const { grid, maxStep = Number.POSITIVE_INFINITY } = this.options;
    this.h = Math.sign(this.h) * Math.min(Math.abs(this.h), maxStep);
    const end = grid ? grid[this.steps.length] : this.route.endOfStep(this.t, this.h);
    this.code = reasonToStop(this.options, this.steps, this.t, this.h, end, this.route);
    return this.code ? undefined : end;
  }

  /** Whether the step to a time needs its dense output. */
  needsDense(end: number): boolean {
    return this.options.dense === true || this.points.within(this.t, end);
  }

  /** Takes note of an attempt, and goes on if it is good enough: then returns the saved states that it passes. */
  settle(end: number, estimates: StepEstimates): readonly SavedPoint[] | undefined {
    const { controller, grid } = this.options;
    const { error } = estimates;
    const { accepted, factor, state } = judge(controller, this.control, error, this.method.errorOrder);
    const isTaken = grid ? Number.isFinite(error) : accepted;
    const h = end - this.t;
    const record = { t: this.t, h, ...estimates, accepted: isTaken, method: this.method.name };
    const planned = this.h;
    this.steps.push(record);
    this.h = h * factor;
    this.control = state;
    if (isTaken) return this.goOn(record, end, planned);
    if (grid) this.code = "nonFinite";
    return undefined;
  }

  /** How many steps were accepted so far. */
  get acceptedSteps(): number {
    return this.accepted;
  }

  statistics() {
    return statisticsOf(this.steps, this.evaluations, this.stiffness.stiffSteps);
  }

  private goOn(record: StepRecord, end: number, planned: number): readonly SavedPoint[] {
    const from = this.route.goOn(end);
    const jumped = from !== end;
    const passed = this.points.passed(this.t, { end, from });
    this.accepted++;
    this.t = from;
    // a step that was cut short at a jump says nothing against the size that was planned
    if (jumped) this.h = Math.sign(record.h) * Math.max(Math.abs(this.h), Math.abs(planned));
    this.needsSlope = jumped;
    this.stiffness.accept(record);
    const isThere = this.t === this.span[1];
    if (this.options.stopWhenStiff && this.stiffness.isStiff && !isThere) this.code = "stiff";
    return passed;
  }
}
