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
  { state, params, span: [t0, t1] }: OdeStart,
  options: IntegrateOptions,
): Generator<StepRecord, Trajectory> {
  const scope = new ValueScope(ode.target);
  const { controller, grid, maxSteps, signal } = options;
  let finished = false;
  try {
    const begin = startOf(ode, { state, params, span: [t0, t1] }, options);
    const steps: StepRecord[] = [];
    const tape: TapeEntry[] = [];
    let current: StepState = { state, slope: scope.own(begin.slope) };
    let { h, code } = begin;
    let t = t0;
    let control = initialControllerState(controller);
    while (code === undefined && t !== t1) {
      const end = grid ? grid[steps.length] : endOfStep(t, h, t1);
      const size = end - t;
      if (signal?.aborted) code = "stopped";
      else if (steps.length >= maxSteps) code = "maximumSteps";
      else if (Math.abs(size) < resolution(t, t1)) code = failureAfter(steps);
      if (code) break;
      const { next, error, errorFloor, stiffness } = ode.step.attempt(current, t, size, params, options);
      scope.own([...next.state, ...next.slope]);
      const verdict = judge(controller, control, error, ode.step.errorOrder);
      const accepted = grid ? Number.isFinite(error) : verdict.accepted;
      const record: StepRecord = { t, h: size, error, errorFloor, stiffness, accepted };
      steps.push(record);
      if (accepted) {
        if (options.tape) tape.push({ t, h: size, ...current });
        else scope.free([...current.state, ...current.slope]);
        current = next;
        t = end;
      } else {
        scope.free([...next.state, ...next.slope]);
        if (grid) code = "nonFinite";
      }
      h = size * verdict.factor;
      control = verdict.state;
      yield record;
    }
    finished = true;
    const stats = statisticsOf(steps, { ...begin.evaluations, perStep: ode.step.evaluations });
    return {
      code: code ?? "success",
      t,
      state: current.state,
      steps,
      tape,
      stats,
      release: () => scope.release(),
    };
  } finally {
    if (!finished) scope.release();
  }
}

/** What has to be known before the first step: the slope, where it is carried, and the step size. */
function startOf(ode: OdePrograms, { state, params, span: [t0, t1] }: OdeStart, options: IntegrateOptions) {
  const { step } = ode;
  const direction = Math.sign(t1 - t0);
  if (options.grid || options.firstStep) {
    const slope = step.carriesSlope ? ode.slope(state, params, t0) : [];
    const h = direction * Math.abs(options.firstStep ?? 0);
    return { slope, h, code: undefined, evaluations: { start: step.carriesSlope ? 1 : 0, firstStep: 0 } };
  }
  const { slope, norms } = ode.start(state, params, t0, options);
  const trial = trialStep(norms, t1 - t0);
  const finite = Number.isFinite(norms.slope) && Number.isFinite(norms.state);
  const change = finite ? ode.trial(state, slope, params, t0, direction * trial, options) : Number.NaN;
  const size = firstStep(norms, Number.isFinite(change) ? change : 0, trial, step.order, t1 - t0);
  if (!step.carriesSlope) for (const value of slope) ode.target.free(value);
  return {
    slope: step.carriesSlope ? slope : [],
    h: direction * (Number.isFinite(change) ? size : trial),
    code: finite ? undefined : ("nonFinite" as ResultCode),
    evaluations: { start: 1, firstStep: finite ? 1 : 0 },
  };
}

/** The end of a step of size h, which is the end of the span exactly if that is reached. */
function endOfStep(t: number, h: number, t1: number): number {
  return Math.abs(h) >= Math.abs(t1 - t) * (1 - stretch) ? t1 : t + h;
}

/** The smallest step that still moves time. */
function resolution(t: number, t1: number): number {
  return 4 * Number.EPSILON * Math.max(Math.abs(t), Math.abs(t1));
}

/** Why the step size has become too small: the last attempt tells. */
function failureAfter(steps: readonly StepRecord[]): ResultCode {
  const last = steps[steps.length - 1];
  return last && !Number.isFinite(last.error) ? "nonFinite" : "stepUnderflow";
}
