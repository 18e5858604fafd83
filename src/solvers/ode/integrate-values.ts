import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { type Controller, initialControllerState, judge } from "./controllers.js";
import { firstStep, trialStep } from "./first-step.js";
import type { OdePrograms } from "./ode-programs.js";
import { type ResultCode, type SolveStatistics, statisticsOf } from "./solution.js";
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
  readonly maxSteps: number;
  /** Whether to keep what the backward pass needs. */
  readonly tape: boolean;
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
  readonly stats: SolveStatistics;
  /** Frees the state and the tape. */
  release(): void;
}

/** A remainder of the span within this fraction of a step is made part of it, so that no tiny last step is left. */
const stretch = 1e-10;

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
  const tape: TapeEntry[] = [];
  const begin =
    grid || options.firstStep
      ? givenStart(ode, start, options, scope)
      : automaticStart(ode, start, options, scope);
  let current: StepState = { state: start.state, slope: begin.slope };
  let { h, code } = begin;
  let t = t0;
  let control = initialControllerState(controller);
  while (t !== t1) {
    const end = grid ? grid[steps.length] : endOfStep(t, h, t1);
    code ??= reasonToStop(steps, end - t, resolution(t, t1), options);
    if (code) break;
    const { next, ...estimates } = ode.step.attempt(current, t, end - t, start.params, options);
    scope.own([...next.state, ...next.slope]);
    const verdict = judge(controller, control, estimates.error, ode.step.errorOrder);
    const accepted = grid ? Number.isFinite(estimates.error) : verdict.accepted;
    const record: StepRecord = { t, h: end - t, ...estimates, accepted };
    steps.push(record);
    const past = accepted ? current : next;
    if (accepted && options.tape) tape.push({ t, h: record.h, ...current });
    else scope.free([...past.state, ...past.slope]);
    if (accepted) {
      current = next;
      t = end;
    } else if (grid) code = "nonFinite";
    h = record.h * verdict.factor;
    control = verdict.state;
    yield record;
  }
  const stats = statisticsOf(steps, { ...begin.evaluations, perStep: ode.step.evaluations });
  const release = (): void => scope.release();
  return { code: code ?? "success", t, state: current.state, steps, tape, stats, release };
}

/** What has to be known before the first step. */
interface Beginning {
  /** The slope at the start, where the method carries it from step to step; else empty. */
  readonly slope: readonly Value[];
  readonly h: number;
  /** Why there is no first step, if so. */
  readonly code?: ResultCode;
  readonly evaluations: { readonly start: number; readonly firstStep: number };
}

/** Prescribed steps, or at least the first. */
function givenStart(
  ode: OdePrograms,
  { state, params, span: [t0, t1] }: OdeStart,
  { firstStep: size = 0 }: IntegrateOptions,
  scope: ValueScope,
): Beginning {
  const { carriesSlope } = ode.step;
  return {
    slope: carriesSlope ? scope.own(ode.slope(state, params, t0)) : [],
    h: Math.sign(t1 - t0) * size,
    evaluations: { start: carriesSlope ? 1 : 0, firstStep: 0 },
  };
}

/** A first step of a size that fits the field. */
function automaticStart(
  ode: OdePrograms,
  { state, params, span: [t0, t1] }: OdeStart,
  tolerances: Tolerances,
  scope: ValueScope,
): Beginning {
  const { slope, norms } = ode.start(state, params, t0, tolerances);
  scope.own(slope);
  const direction = Math.sign(t1 - t0);
  const trial = trialStep(norms, t1 - t0);
  const finite = Number.isFinite(norms.slope) && Number.isFinite(norms.state);
  const change = finite ? ode.trial(state, slope, params, t0, direction * trial, tolerances) : Number.NaN;
  const size = Number.isFinite(change) ? firstStep(norms, change, trial, ode.step.order, t1 - t0) : trial;
  if (!ode.step.carriesSlope) scope.free(slope);
  return {
    slope: ode.step.carriesSlope ? slope : [],
    // the algorithm knows no scale of time: where time is large, its smallest steps would not move it
    h: direction * Math.max(size, 10 * resolution(t0, t1)),
    code: finite ? undefined : "nonFinite",
    evaluations: { start: 1, firstStep: finite ? 1 : 0 },
  };
}

/** The end of a step of size h, which is the end of the span exactly if that is reached. */
function endOfStep(t: number, h: number, t1: number): number {
  const left = Math.abs(t1 - t);
  return Math.abs(h) >= left - Math.max(stretch * left, resolution(t, t1)) ? t1 : t + h;
}

/** The smallest step that still moves time. */
function resolution(t: number, t1: number): number {
  return 4 * Number.EPSILON * Math.max(Math.abs(t), Math.abs(t1));
}

/** Why the next step is not to be tried, if so. */
function reasonToStop(
  steps: readonly StepRecord[],
  size: number,
  smallest: number,
  { signal, maxSteps }: IntegrateOptions,
): ResultCode | undefined {
  if (signal?.aborted) return "stopped";
  if (steps.length >= maxSteps) return "maximumSteps";
  if (Math.abs(size) >= smallest) return undefined;
  // the last attempt tells why the step size has become so small
  const last = steps[steps.length - 1];
  return last && !Number.isFinite(last.error) ? "nonFinite" : "stepUnderflow";
}
