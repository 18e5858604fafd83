import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { type Controller, initialControllerState, judge } from "./controllers.js";
import { firstStep, trialStep } from "./first-step.js";
import { type DenseStep, KeptStates } from "./kept-states.js";
import type { OdePrograms } from "./ode-programs.js";
import { Route } from "./route.js";
import { type EvaluationCounts, type ResultCode, type SolveStatistics, statisticsOf } from "./solution.js";
import type { StepState, Tolerances } from "./step.js";
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
  /** Numbers of the saved states that are the start itself. */
  readonly savedAtStart: readonly number[];
  /** Dense output of every accepted step, if it was to be kept. */
  readonly dense: readonly DenseStep[];
  readonly stats: SolveStatistics;
  /** Frees the state, the saved ones, the tape and dense output. */
  release(): void;
}

/**
 * The adaptive loop: yields a record of every attempted step and returns the trajectory. Numerical failure ends it with a
 * code and the last good state.
 */
export function* integrateValues(
  ode: OdePrograms,
  start: OdeStart,
  options: IntegrateOptions,
): Generator<StepRecord, Trajectory> {
  const scope = new ValueScope(ode.target);
  let trajectory: Trajectory | undefined;
  try {
    trajectory = yield* stepThrough(ode, start, options, scope);
    return trajectory;
  } finally {
    if (!trajectory) scope.release();
  }
}

/** Runs a solve to its end, without looking at its steps. */
export function finish<Result>(steps: Generator<StepRecord, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function* stepThrough(
  ode: OdePrograms,
  start: OdeStart,
  options: IntegrateOptions,
  scope: ValueScope,
): Generator<StepRecord, Trajectory> {
  const { controller, grid } = options;
  const [t0, t1] = start.span;
  const steps: StepRecord[] = [];
  const route = new Route(start.span, options.jumpTimes ?? [], ode.target.precision);
  const kept = new KeptStates(ode, scope, options);
  const begin =
    grid || options.firstStep
      ? givenStart(ode, start, options, scope)
      : automaticStart(ode, start, options, route, scope);
  const evaluations = { ...begin.evaluations };
  let current: StepState = { state: start.state, slope: begin.slope };
  let slopeIsNew = true;
  let { h, code } = begin;
  let t = t0;
  let control = initialControllerState(controller);
  kept.start(start);
  while (t !== t1) {
    h = Math.sign(h) * Math.min(Math.abs(h), options.maxStep ?? Number.POSITIVE_INFINITY);
    const end = grid ? grid[steps.length] : route.endOfStep(t, h);
    code ??= reasonToStop(steps, { size: end - t, isLast: end !== t + h }, route.resolution(t), options);
    if (code) break;
    const dense = kept.needsDense(t, end);
    const wanted = { ...options, dense, residuals: kept.needsResiduals };
    const attempt = ode.step.attempt(current, t, end - t, start.params, wanted);
    const { next, error, errorFloor, stiffness } = attempt;
    const made = [...next.state, ...next.slope, ...attempt.dense, ...(attempt.residuals?.added ?? [])];
    scope.own(made);
    evaluations.steps += ode.step.method.evaluations(dense);
    const verdict = judge(controller, control, error, ode.step.method.errorOrder);
    const accepted = grid ? Number.isFinite(error) : verdict.accepted;
    const record: StepRecord = { t, h: end - t, error, errorFloor, stiffness, accepted };
    steps.push(record);
    const planned = h;
    h = record.h * verdict.factor;
    control = verdict.state;
    if (!accepted) {
      scope.free(made);
      if (grid) code = "nonFinite";
    } else {
      const { t: from, jumped } = route.goOn(end);
      kept.accept({ t, h: record.h, ...current, slopeIsNew }, attempt, { end, from });
      current = next;
      slopeIsNew = jumped;
      t = from;
      // a step that was cut short at a jump says nothing against the size that was planned
      if (jumped) h = Math.sign(h) * Math.max(Math.abs(h), Math.abs(planned));
      if (jumped && ode.step.method.carriesSlope) {
        if (!options.tape) scope.free(current.slope); // the step's pullback may need its last slope
        current = { state: current.state, slope: scope.own(ode.slope(current.state, start.params, t)) };
        evaluations.start++;
      }
    }
    yield record;
  }
  return {
    code: code ?? "success",
    t,
    state: current.state,
    steps,
    ...kept.results(),
    stats: statisticsOf(steps, evaluations),
    release: () => scope.release(),
  };
}

/** What has to be known before the first step. */
interface Beginning {
  /** The slope at the start, where the method carries it from step to step; else empty. */
  readonly slope: readonly Value[];
  readonly h: number;
  /** Why there is no first step, if so. */
  readonly code?: ResultCode;
  readonly evaluations: EvaluationCounts;
}

/** Prescribed steps, or at least the first. */
function givenStart(
  ode: OdePrograms,
  { state, params, span: [t0, t1] }: OdeStart,
  { firstStep: size = 0 }: IntegrateOptions,
  scope: ValueScope,
): Beginning {
  const { carriesSlope } = ode.step.method;
  return {
    slope: carriesSlope ? scope.own(ode.slope(state, params, t0)) : [],
    h: Math.sign(t1 - t0) * size,
    evaluations: { start: carriesSlope ? 1 : 0, firstStep: 0, steps: 0 },
  };
}

/** A first step of a size that fits the field. */
function automaticStart(
  ode: OdePrograms,
  { state, params, span: [t0, t1] }: OdeStart,
  tolerances: Tolerances,
  route: Route,
  scope: ValueScope,
): Beginning {
  const { slope, norms } = ode.start(state, params, t0, tolerances);
  scope.own(slope);
  const direction = Math.sign(t1 - t0);
  const trial = trialStep(norms, t1 - t0);
  const finite = Number.isFinite(norms.slope) && Number.isFinite(norms.state);
  const change = finite ? ode.trial(state, slope, params, t0, direction * trial, tolerances) : Number.NaN;
  const size = Number.isFinite(change)
    ? firstStep(norms, change, trial, ode.step.method.order, t1 - t0)
    : trial;
  if (!ode.step.method.carriesSlope) scope.free(slope);
  return {
    slope: ode.step.method.carriesSlope ? slope : [],
    // the algorithm knows no scale of time: where time is large, its smallest steps would not move it
    h: direction * Math.max(size, 10 * route.resolution(t0)),
    code: finite ? undefined : "nonFinite",
    evaluations: { start: 1, firstStep: finite ? 1 : 0, steps: 0 },
  };
}

/** Why the next step is not to be tried, if so. */
function reasonToStop(
  steps: readonly StepRecord[],
  { size, isLast }: { readonly size: number; readonly isLast: boolean },
  resolution: number,
  { signal, maxSteps, minStep = 0 }: IntegrateOptions,
): ResultCode | undefined {
  if (signal?.aborted) return "stopped";
  if (steps.length >= maxSteps) return "maximumSteps";
  // what is left of the way may be as short as it is
  const smallest = isLast ? resolution : Math.max(resolution, minStep);
  if (Math.abs(size) >= smallest) return undefined;
  // the last attempt tells why the step size has become so small
  const last = steps[steps.length - 1];
  return last && !Number.isFinite(last.error) ? "nonFinite" : "stepUnderflow";
}
