import type { PlannedRun } from "../../experiments/sweep-grid.js";
import type { WorkerProgress } from "./worker.js";

/** A run of a sweep, and how far it is. */
export interface SweptRun extends PlannedRun {
  /** The file of its row. */
  readonly path: string;
  /** Seconds that it takes by itself; undefined where nothing is known. */
  estimate?: number;
  state: "there" | "waiting" | "running" | "done" | "failed" | "stopped";
  progress?: WorkerProgress;
  /** When it was started, by `performance.now`. */
  startedAt?: number;
  /** Why there is no row. */
  failure?: string;
}

/** Numbers of runs by state. */
export function countIn(runs: readonly SweptRun[], ...states: readonly SweptRun["state"][]): number {
  return runs.filter(({ state }) => states.includes(state)).length;
}

/**
 * Seconds until everything is done, so many runs at a time; undefined while nothing is known of a run that waits.
 *
 * @param now by `performance.now`
 */
export function secondsLeft(runs: readonly SweptRun[], jobs: number, now: number): number | undefined {
  const left = runs.map((run) => leftOf(run, now));
  if (left.some(Number.isNaN)) return undefined;
  const sum = left.reduce((total, seconds) => total + seconds, 0);
  // so many at a time share the work, but the longest of them cannot be shared
  return Math.max(sum / jobs, ...left);
}

function leftOf(run: SweptRun, now: number): number {
  if (run.state === "waiting") return run.estimate ?? Number.NaN;
  if (run.state !== "running") return 0;
  const { estimate, progress, startedAt = now } = run;
  const byEstimate = estimate === undefined ? Number.NaN : Math.max(0, estimate - (now - startedAt) / 1000);
  // the worker's own word counts as soon as it has trained a while
  return progress && progress.iteration > 0 ? progress.secondsLeft : byEstimate;
}
