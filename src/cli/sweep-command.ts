import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { availableThreads } from "../compiler/targets/available-threads.js";
import type { Experiment } from "../experiments/experiment.js";
import { committedResults, ResultError, readAllRows } from "../experiments/result-files.js";
import type { ResultRow } from "../experiments/result-row.js";
import { plannedRuns, rowPath, runTitle } from "../experiments/sweep-grid.js";
import { formatTable, tablesText } from "../report/table.js";
import { durationText } from "./duration.js";
import { failurePolicyOption } from "./failure-policies.js";
import { gridOf, gridOptions } from "./grid-options.js";
import { countOption, parseOptions, positiveOption } from "./options.js";
import { experimentNamed, withUsageErrors } from "./run-config.js";
import { Stopped } from "./stopped.js";
import { estimatedSeconds, type TimedRun } from "./sweep/estimate.js";
import { doAll } from "./sweep/pool.js";
import { SweepDisplay } from "./sweep/sweep-display.js";
import { countIn, type SweptRun, secondsLeft } from "./sweep/sweep-state.js";
import { runWorker, type WorkerManner } from "./sweep/worker.js";
import { UsageError } from "./usage-error.js";

const options = {
  ...gridOptions,
  out: { type: "string" },
  jobs: { type: "string" },
  "on-failure": { type: "string", default: "stop" },
  "checkpoint-every": { type: "string", default: "60" },
  "keep-checkpoints": { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
} as const;

/** `glassbox sweep`: all rows of a grid that are not there yet, each in a process of its own. */
export async function sweepCommand(args: string[], signal: AbortSignal): Promise<void> {
  const { experiment: name, values } = parseOptions(args, options);
  const { out, jobs: jobsText, "dry-run": isDry, ...rest } = values;
  const { "on-failure": onFailure, "checkpoint-every": seconds, "keep-checkpoints": keep, ...choices } = rest;
  const experiment = experimentNamed(name);
  const processors = availableThreads();
  const jobs = countOption("jobs", jobsText) ?? processors;
  failurePolicyOption(onFailure); // the workers are given its name, so a wrong one is told of here
  const checkpoints = { everySeconds: positiveOption("checkpoint-every", seconds) as number, areKept: keep };
  if (out === undefined) throw new UsageError("--out is missing; it is the folder of the rows");
  const grid = gridOf(experiment, choices);
  const planned = withUsageErrors(() => plannedRuns(experiment, grid));
  if (!isDry) await madeFolder(out);
  const rows = await rowsIn(experiment, out);
  const known: TimedRun[] = [...rows, ...(await rowsIn(experiment, committedResults))];
  const there = new Set(rows.map(({ configuration }) => configuration));
  const threads = Math.max(1, Math.floor(processors / jobs));
  const runs = planned.map(
    (run): SweptRun => ({
      ...run,
      path: join(out, rowPath(run.identity)),
      estimate: estimatedSeconds(run.identity, known, threads),
      state: there.has(run.identity.configuration) ? "there" : "waiting",
    }),
  );
  if (isDry) console.log(planText(runs, jobs));
  else await sweep(runs, { jobs, manner: { threads, onFailure, checkpoints }, known, signal });
}

/** @throws ResultError when it cannot be made. */
async function madeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw new ResultError(`results cannot be written to ${folder}: ${error.message}`);
  });
}

/** The experiment's rows in a folder; none where there is no folder yet. */
async function rowsIn({ name }: Experiment, folder: string): Promise<ResultRow[]> {
  const rows = await readAllRows(folder, { missingFolder: "is empty" });
  return rows.filter(({ experiment }) => experiment === name);
}

/** What would run, and for how long. */
function planText(runs: readonly SweptRun[], jobs: number): string {
  const waiting = runs.filter(({ state }) => state === "waiting");
  const left = secondsLeft(runs, jobs, 0);
  const count = `${waiting.length} of ${runs.length} rows to make, ${runs.length - waiting.length} there`;
  const time = left === undefined ? "for how long is not known" : `about ${durationText(left)}`;
  const total = `${count}; ${jobs} at a time, ${waiting.length === 0 ? "nothing to do" : time}`;
  if (waiting.length === 0) return total;
  const table = formatTable(
    waiting.map(({ identity: { method, weight, seed, epochs, preset }, estimate }) => ({
      method,
      weight,
      seed,
      preset,
      epochs,
      "by itself": estimate === undefined ? "not known" : durationText(estimate),
    })),
    { limit: waiting.length },
  );
  return tablesText([{ ...table, note: total }]);
}

interface SweepSettings {
  readonly jobs: number;
  readonly manner: WorkerManner;
  /** Runs that tell how long others take. */
  readonly known: readonly TimedRun[];
  readonly signal: AbortSignal;
}

/**
 * Makes the rows that wait.
 *
 * @throws ResultError when runs failed; Stopped when told to stop.
 */
async function sweep(
  runs: readonly SweptRun[],
  { jobs, manner, known, signal }: SweepSettings,
): Promise<void> {
  const display = new SweepDisplay(process.stderr, runs, jobs);
  const timed = [...known];
  const { threads } = manner;
  const waiting = runs.filter(({ state }) => state === "waiting");
  const work = async (run: SweptRun): Promise<void> => {
    const startedAt = performance.now();
    Object.assign(run, { state: "running", startedAt });
    display.tell(run);
    run.failure = await runWorker(run, {
      ...manner,
      path: run.path,
      signal,
      onProgress: (progress) => {
        run.progress = progress;
      },
    });
    run.state = run.failure === undefined ? "done" : signal.aborted ? "stopped" : "failed";
    if (run.state === "done") {
      const totalSeconds = (performance.now() - startedAt) / 1000;
      timed.push({ ...run.identity, timing: { seconds: totalSeconds, totalSeconds, threads } });
      for (const each of waiting) each.estimate = estimatedSeconds(each.identity, timed, threads);
    }
    display.tell(run);
  };
  await doAll(waiting, jobs, signal, work).finally(() => display.end());
  const there = `${countIn(runs, "there", "done")} of ${runs.length} rows are there`;
  if (signal.aborted) throw new Stopped(`${there}; the same command goes on`);
  const failed = runs.filter(({ state }) => state === "failed");
  if (failed.length > 0) {
    const first = `${runTitle(failed[0].identity)}: ${failed[0].failure}`;
    throw new ResultError(`${there}, ${failed.length} failed; ${first}`);
  }
  console.log(there);
}
