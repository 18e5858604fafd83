import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { PlannedRun } from "../../experiments/sweep-grid.js";
import type { TrainingProgress } from "../../training/training-progress.js";

/** What a worker tells of a training. */
export type WorkerProgress = Omit<TrainingProgress, "measures">;

/** How all workers of a sweep go about their runs. */
export interface WorkerManner {
  readonly threads: number;
  /** What becomes of failures, by the name that `--on-failure` takes. */
  readonly onFailure: string;
  /** How often trainings are kept, and whether they are beyond the row. */
  readonly checkpoints: { readonly everySeconds: number; readonly areKept: boolean };
}

/** How a worker is started and watched. */
export interface WorkerOptions extends WorkerManner {
  /** The file of the row. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WorkerProgress) => void;
}

const command = fileURLToPath(new URL("../main.js", import.meta.url));

/** Milliseconds that a worker has to stop by itself. */
const patience = 10_000;

/**
 * The command of one run, which any other engine may start as well: it writes the row whole or not at all, exits with 0
 * only when it is there, and can be killed at any time and started again: it goes on from its checkpoint.
 */
function workerCommand({ options, identity }: PlannedRun, how: WorkerOptions): string[] {
  const { path, threads, onFailure, checkpoints } = how;
  const config = JSON.stringify({ experiment: identity.experiment, ...options });
  const files = ["--out", path, "--checkpoint", checkpointOf(path), "--resume"];
  const manner = ["--checkpoint-every", `${checkpoints.everySeconds}`, "--on-failure", onFailure];
  return ["run", "--config", config, ...files, ...manner, "--threads", `${threads}`, "--json"];
}

/** Where the training of a row is kept, beside it. */
function checkpointOf(path: string): string {
  return path.replace(/(\.json)?$/, ".safetensors");
}

/** Makes one row in a process of its own; resolves with undefined when it is there, else with what went wrong. */
export async function runWorker(run: PlannedRun, options: WorkerOptions): Promise<string | undefined> {
  const failure = await failureOf(run, options);
  const isDone = failure === undefined;
  if (isDone && !options.checkpoints.areKept) await rm(checkpointOf(options.path), { force: true });
  return failure;
}

function failureOf(run: PlannedRun, options: WorkerOptions): Promise<string | undefined> {
  const { signal, onProgress } = options;
  const child = spawn(process.execPath, [command, ...workerCommand(run, options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = progressIn(line);
    if (event) onProgress(event);
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-10_000);
  });
  const stop = (): void => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), patience).unref();
  };
  signal.addEventListener("abort", stop, { once: true });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, killedBy) => {
      signal.removeEventListener("abort", stop);
      resolve(
        code === 0 ? undefined : sentenceOf(complaint) || `ended by ${killedBy ?? `exit code ${code}`}`,
      );
    });
  });
}

/** A line of progress, if it is one: the last line is the row. */
function progressIn(line: string): WorkerProgress | undefined {
  if (!line.startsWith('{"event":"progress"')) return undefined;
  return JSON.parse(line) as WorkerProgress;
}

/** The last thing said on stderr in the command's name, or at all. */
function sentenceOf(complaint: string): string {
  const lines = complaint.split("\n").filter((line) => line.trim() !== "");
  const own = lines.filter((line) => line.startsWith("glassbox: "));
  return (own.pop() ?? lines[0] ?? "").replace(/^glassbox: /, "");
}
