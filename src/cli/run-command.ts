import { existsSync } from "node:fs";
import { removeUnfinished } from "../data/atomic-file.js";
import type { Experiment } from "../experiments/experiment.js";
import { requireWritable, writeRow } from "../experiments/result-files.js";
import type { ResultRow } from "../experiments/result-row.js";
import { runTitle } from "../experiments/sweep-grid.js";
import { measuresText } from "../report/measures.js";
import type { Incident } from "../training/failure-policy.js";
import { failurePolicyOption } from "./failure-policies.js";
import { countOption, numberOption, parseOptions, positiveOption } from "./options.js";
import { ProgressLine } from "./progress-line.js";
import { ProgressLog } from "./progress-log.js";
import { experimentNamed, parseRunConfig, type RunConfig, withUsageErrors } from "./run-config.js";
import { Stopped } from "./stopped.js";
import { UsageError } from "./usage-error.js";

/** Options that a configuration has too. */
const choiceOptions = {
  method: { type: "string" },
  preset: { type: "string" },
  seed: { type: "string" },
  epochs: { type: "string" },
  weight: { type: "string" },
  target: { type: "string" },
  precision: { type: "string" },
} as const;

const options = {
  ...choiceOptions,
  config: { type: "string" },
  out: { type: "string" },
  checkpoint: { type: "string" },
  "checkpoint-every": { type: "string" },
  resume: { type: "boolean", default: false },
  "on-failure": { type: "string", default: "stop" },
  threads: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** `glassbox run`: one configuration of an experiment, with progress on stderr, or as JSON lines on stdout. */
export async function runCommand(args: string[], signal: AbortSignal): Promise<void> {
  const { experiment: name, values } = parseOptions(args, options);
  const { config, out, checkpoint, resume, threads, json, ...rest } = values;
  const { "on-failure": policy, "checkpoint-every": seconds, ...choices } = rest;
  const { experiment: wanted, ...run } =
    config === undefined ? chosenRun(name, choices) : configuredRun(name, config, choices);
  const experiment = experimentNamed(wanted);
  const identity = withUsageErrors(() => experiment.identity(run));
  const threadCount = countOption("threads", threads);
  if (resume && checkpoint === undefined)
    throw new UsageError("--resume needs --checkpoint with the file to go on from");
  const onFailure = failurePolicyOption(policy);
  const everySeconds = positiveOption("checkpoint-every", seconds);
  for (const path of [out, checkpoint]) if (path !== undefined) await requireWritable(path);
  const progress = json
    ? new ProgressLog(process.stdout)
    : new ProgressLine(process.stderr, runTitle(identity));
  const row = await experiment
    .run(run, {
      signal,
      threads: threadCount,
      checkpoint: checkpoint === undefined ? undefined : { path: checkpoint, everySeconds },
      resume,
      onData: (description) => progress.note(description),
      onFailure,
      onProgress: (state) => progress.update(state),
      onIncident: (incident) => progress.note(incidentText(incident)),
      fetch: { onProgress: (state) => progress.download(state) },
    })
    .catch((error: unknown) => {
      if (!signal.aborted || checkpoint === undefined || !existsSync(checkpoint)) throw error;
      throw new Stopped(`the training so far is in ${checkpoint}, and --resume goes on with it`);
    })
    .finally(() => progress.end());
  signal.throwIfAborted();
  if (out !== undefined) {
    await removeUnfinished(out);
    await writeRow(out, row);
  }
  console.log(json ? JSON.stringify(row) : summary(experiment, row));
}

/** "iteration 7 failed: the loss is NaN; on from iteration 4 at 0.5 times the learning rate". */
function incidentText({ iteration, reason, action, continuedAfter, learningRateFactor }: Incident): string {
  const then =
    action === "skip"
      ? "skipped"
      : `on from iteration ${continuedAfter} at ${learningRateFactor} times the learning rate`;
  return `iteration ${iteration} failed: ${reason}; ${then}`;
}

type Choices = Readonly<Partial<Record<keyof typeof choiceOptions, string>>>;

/** @throws UsageError when an option is missing or no number. */
function chosenRun(name: string | undefined, choices: Choices): RunConfig {
  const experiment = experimentNamed(name);
  const { method, preset = experiment.defaultPreset, seed = "1", target, precision } = choices;
  if (!method) throw new UsageError(`--method is missing; it is one of ${experiment.methods.join(", ")}`);
  return {
    experiment: experiment.name,
    method,
    preset,
    seed: numberOption("seed", seed) as number,
    epochs: numberOption("epochs", choices.epochs),
    weight: numberOption("weight", choices.weight),
    target,
    precision,
  };
}

/** @throws UsageError when the configuration is none, or something is said beside it that it says itself. */
function configuredRun(name: string | undefined, config: string, choices: Choices): RunConfig {
  const [beside] = Object.keys(choices);
  if (beside !== undefined) throw new UsageError(`--${beside} is part of --config; write it there`);
  const run = parseRunConfig(config);
  if (name !== undefined && name !== run.experiment) {
    throw new UsageError(`the experiment is ${name} on the command line, and ${run.experiment} in --config`);
  }
  return run;
}

function summary(experiment: Experiment, row: ResultRow): string {
  return `${row.method}: ${measuresText(experiment.measures, row)}, ${row.timing.seconds.toFixed(1)} s of training`;
}
