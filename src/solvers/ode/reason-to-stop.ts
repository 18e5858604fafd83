import type { Route } from "./route.js";
import type { ResultCode } from "./solution.js";
import type { StepRecord } from "./step-records.js";

/** What limits a solve, of whatever kind of equation. */
interface StopOptions {
  readonly signal?: AbortSignal;
  readonly maxSteps: number;
  readonly minStep?: number;
}

/**
 * Why a solve at time t, with steps of size h planned, is not to try the step to a time, if so. `Integration` has the same
 * written out: for the smallest systems this call takes up to a tenth of a step.
 */
export function reasonToStop(
  { signal, maxSteps, minStep = 0 }: StopOptions,
  steps: readonly StepRecord[],
  t: number,
  h: number,
  end: number,
  route: Route,
): Extract<ResultCode, "stopped" | "maximumSteps" | "nonFinite" | "stepUnderflow"> | undefined {
  if (signal?.aborted) return "stopped";
  if (steps.length >= maxSteps) return "maximumSteps";
  const resolution = route.resolution(t);
  // what is left of the way may be as short as it is
  const isLast = end !== t + h;
  const smallest = isLast ? resolution : Math.max(resolution, minStep);
  return Math.abs(end - t) >= smallest ? undefined : reasonForSmallStep(steps);
}

/** The last attempt tells why the step size has become so small. */
function reasonForSmallStep(steps: readonly StepRecord[]): "nonFinite" | "stepUnderflow" {
  const last = steps[steps.length - 1];
  return last && !Number.isFinite(last.error) ? "nonFinite" : "stepUnderflow";
}
