import { type MnistOdeOptions, mnistOdeConfiguration } from "../experiments/mnist-ode/configuration.js";
import { requireWritable, writeRow } from "../experiments/result-files.js";
import type { ResultRow } from "../experiments/result-row.js";
import { numberOption, parseOptions } from "./options.js";
import { ProgressLine } from "./progress-line.js";
import { UsageError } from "./usage-error.js";

const options = {
  method: { type: "string" },
  preset: { type: "string", default: "quick" },
  seed: { type: "string", default: "1" },
  epochs: { type: "string" },
  weight: { type: "string" },
  target: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** `glassbox run`: one configuration of an experiment, with progress on stderr. */
export async function runCommand(args: string[], signal: AbortSignal): Promise<void> {
  const { out, json, ...choices } = parseOptions(args, options);
  const wanted = optionsOf(choices);
  if (out !== undefined) await requireWritable(out);
  // after the options are known to be right: it takes half a second to load
  const { runMnistOde } = await import("../experiments/mnist-ode/run.js");
  const progress = new ProgressLine(process.stderr, `${wanted.method} seed ${wanted.seed}`);
  const row = await runMnistOde(wanted, {
    signal,
    onDigits: (description) => progress.note(description),
    onProgress: (state) => progress.update(state),
    fetch: { onProgress: (state) => progress.download(state) },
  }).finally(() => progress.end());
  signal.throwIfAborted();
  if (out !== undefined) await writeRow(out, row);
  console.log(json ? JSON.stringify(row) : summary(row));
}

/** @throws UsageError when an option is missing or wrong. */
function optionsOf(choices: Readonly<Record<string, string | undefined>>): MnistOdeOptions {
  const { method, preset, target } = choices;
  if (!method) throw new UsageError("--method is missing; it is linear, vanilla or ernode");
  const wanted = {
    method,
    preset,
    seed: numberOption("seed", choices.seed),
    epochs: numberOption("epochs", choices.epochs),
    weight: numberOption("weight", choices.weight),
    target,
  } as MnistOdeOptions;
  try {
    mnistOdeConfiguration(wanted);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return wanted;
}

function summary(row: ResultRow): string {
  const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;
  return (
    `${row.method}: test ${percent(row.testAccuracy)}, training ${percent(row.trainAccuracy)}, ` +
    `NFE ${row.nfe} (probe ${row.nfeProbe}), ${row.timing.seconds.toFixed(1)} s of training`
  );
}
