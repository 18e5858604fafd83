import type { ArrayLike } from "../../compiler/nd-array.js";
import type { Tree } from "../../compiler/tree.js";
import { tsit5 } from "../tableaux/tsit5.js";
import { isSwitching, methodsOf, type SolverMethod } from "./auto-switch.js";
import { type Controller, integralController } from "./controllers.js";
import type { OdeEvent, TracedEvent, WatchedEvent } from "./event.js";
import type { IntegrateOptions } from "./integrate-values.js";
import type { AnyOdeProblem } from "./ode-problem.js";
import type { ProgramOptions } from "./ode-programs.js";
import { type CheckedTolerances, checkedTolerances } from "./tolerances.js";

/** Options of a solve. */
export interface SolveOptions<Y = never, P = never> extends Partial<ProgramOptions> {
  /** @defaultValue tsit5 */
  readonly method?: SolverMethod;
  /**
   * Relative tolerance: a number, or by the state's names numbers and arrays that broadcast to its leaves. Arrays are part
   * of the compiled programs; others are compiled anew. @defaultValue 1e-6
   */
  readonly rtol?: Tree<ArrayLike>;
  /**
   * Absolute tolerance, likewise. Among others it may be infinite: such a component counts in E with an error of 0, but
   * counts, and in S. To leave leaves out of all norms, see `steers` of `odeProblem`. @defaultValue 1e-8
   */
  readonly atol?: Tree<ArrayLike>;
  /** @defaultValue integralController */
  readonly controller?: Controller;
  /** Size of the first step. @defaultValue chosen automatically, for one more evaluation */
  readonly firstStep?: number;
  /** Ends of prescribed steps, in order, the last one being the end of the span; the tolerances then only scale E. */
  readonly grid?: readonly number[];
  /**
   * Times at which the state is wanted, in the direction of the solve; they do not change its steps. Between steps it is
   * of order 4 by tsit5 and dopri5, of order 2 by rosenbrock23, of order 3 by all others. @defaultValue its end
   */
  readonly saveAt?: readonly number[];
  /** Whether to keep every step's polynomial, so that the solution can be asked for any time by `at`. */
  readonly dense?: boolean;
  /** Times at which the field is discontinuous; those outside the span are ignored. No step goes across one. */
  readonly jumpTimes?: readonly number[];
  /** Size below which the controller's next step is an underflow. @defaultValue what still moves time */
  readonly minStep?: number;
  /** Size above which no step is tried. @defaultValue unlimited */
  readonly maxStep?: number;
  /** Attempts after which the solve gives up. @defaultValue 10000 */
  readonly maxSteps?: number;
  /**
   * Bytes that a differentiated solve may use to keep what its backward pass would otherwise compute again, from the first
   * step on; 0 keeps nothing. The gradients are the same up to rounding. On onnx single numbers are kept at most, since
   * arrays cost more than they save there. @defaultValue 512 MiB
   */
  readonly residualBytes?: number;
  /**
   * Moments to be looked for: zeros of functions, found on dense output to a few roundings of time. A function that crosses
   * zero twice within a quarter of a step is missed.
   */
  readonly events?: readonly OdeEvent<Y, P>[];
  /**
   * Whether to stop, with the code "stiff", where stability, not accuracy, has held back more than 10 steps, with never more
   * than 3 others in a row between them. @defaultValue false
   */
  readonly stopWhenStiff?: boolean;
  /** Stops the solve between two steps. */
  readonly signal?: AbortSignal;
}

/** Checked options, and the names by which a solution tells its events apart. */
export interface CheckedOptions extends IntegrateOptions, CheckedTolerances {
  readonly eventNames: readonly (string | undefined)[];
}

/**
 * The options of a problem's solve, checked, with the defaults in place.
 *
 * @throws RangeError or TypeError naming the option that is impossible.
 */
export function checkedOptions(problem: AnyOdeProblem, options: SolveOptions): CheckedOptions {
  const { span } = problem;
  const { rtol = 1e-6, atol = 1e-8, maxSteps = 10_000, firstStep, grid, method = tsit5 } = options;
  const { controller = integralController, signal, saveAt, dense, jumpTimes = [] } = options;
  const { events = [], stopWhenStiff = false } = options;
  const { minStep = 0, maxStep = Number.POSITIVE_INFINITY, residualBytes } = options;
  checkObject("method", method, "tsit5");
  checkObject("controller", controller, "integralController");
  const tolerances = checkedTolerances(problem, rtol, atol);
  check("maxSteps", Number.isInteger(maxSteps) && maxSteps > 0, "a positive whole number", maxSteps);
  if (firstStep !== undefined) {
    check("firstStep", firstStep > 0 && Number.isFinite(firstStep), "a positive length of time", firstStep);
  }
  check("minStep", minStep >= 0, "at least 0", minStep);
  check("maxStep", maxStep > 0 && maxStep >= minStep, "positive and not below minStep", maxStep);
  if (residualBytes !== undefined) check("residualBytes", residualBytes >= 0, "at least 0", residualBytes);
  if (saveAt) checkSaveTimes(saveAt, span);
  for (const time of jumpTimes) check("an entry of jumpTimes", Number.isFinite(time), "a finite time", time);
  if (grid && jumpTimes.length > 0) {
    throw new RangeError("solve: jumpTimes only guide chosen steps; put them into the grid instead");
  }
  if (grid) checkGrid(grid, span);
  else if (!methodsOf(method)[0].estimatesError) {
    throw new RangeError(
      `solve: the method ${method.name} has no error estimate and cannot choose its steps; give a grid`,
    );
  }
  if (stopWhenStiff) checkDetectsStiffness(method);
  if (!Array.isArray(events)) throw new TypeError(`solve: events must be a list of events, got ${events}`);
  // every solve makes one of these, and asks it at every step: joined by spreads, it would be slow to make and to read
  return {
    rtol: tolerances.rtol,
    atol: tolerances.atol,
    componentTolerances: tolerances.componentTolerances,
    maxSteps,
    firstStep,
    minStep,
    maxStep,
    grid,
    jumpTimes,
    stopWhenStiff,
    controller,
    signal,
    saveAt,
    dense,
    tape: false,
    residualBytes,
    events: events.map(watchedEvent),
    eventNames: events.map(({ name }) => name),
  };
}

function checkDetectsStiffness(method: SolverMethod): void {
  const [{ name, stabilitySize, estimatesStiffness }] = methodsOf(method);
  const complaint = isSwitching(method)
    ? "goes on where the problem is stiff; leave one of the two out"
    : stabilitySize === undefined
      ? "is stable where the problem is stiff; leave stopWhenStiff out"
      : "does not estimate stiffness; use one that does, such as tsit5";
  if (!isSwitching(method) && stabilitySize !== undefined && estimatesStiffness) return;
  throw new RangeError(
    `solve: stopWhenStiff is not for the method ${method.name ?? name}, which ${complaint}`,
  );
}

/** An event's default values in place; its function is called only to be traced. */
function watchedEvent(event: OdeEvent, index: number): WatchedEvent {
  const { when, direction = "both", terminal = false } = event;
  if (typeof when !== "function") {
    throw new TypeError(`solve: events[${index}].when must be a function of t, y and params, got ${when}`);
  }
  const isDirection = ["rising", "falling", "both"].includes(direction);
  check(`events[${index}].direction`, isDirection, "rising, falling or both", direction);
  return { when: when as unknown as TracedEvent, direction, terminal };
}

/** Methods and controllers are values, not names. */
function checkObject(option: string, value: unknown, example: string): void {
  if (typeof value === "object" && value !== null) return;
  throw new TypeError(`solve: ${option} must be an object such as ${example}, got ${JSON.stringify(value)}`);
}

function checkSaveTimes(times: readonly number[], [t0, t1]: readonly [number, number]): void {
  const direction = Math.sign(t1 - t0);
  const misplaced = times.findIndex(
    (time, i) => !((time - (times[i - 1] ?? t0)) * direction >= 0 && (t1 - time) * direction >= 0),
  );
  check(
    `saveAt[${misplaced}]`,
    misplaced < 0,
    `not before the time before it, on the way from ${t0} to ${t1}`,
    times[misplaced],
  );
}

function checkGrid(grid: readonly number[], [t0, t1]: readonly [number, number]): void {
  const direction = Math.sign(t1 - t0);
  const misplaced = grid.findIndex((time, i) => !((time - (grid[i - 1] ?? t0)) * direction > 0));
  check(
    `grid[${misplaced}]`,
    misplaced < 0,
    `beyond the time before it, on the way from ${t0} to ${t1}`,
    grid[misplaced],
  );
  const last = grid[grid.length - 1];
  check("the last entry of grid", last === t1, `the end of the span, ${t1}`, last);
}

function check(option: string, holds: boolean, need: string, value: unknown): void {
  if (!holds) throw new RangeError(`solve: ${option} must be ${need}, got ${value}`);
}
