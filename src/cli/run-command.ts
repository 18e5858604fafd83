import { type MnistOdeOptions, mnistOdeConfiguration, runMnistOde } from "../experiments/mnist-ode/run.js";
import { writeRow } from "../experiments/result-files.js";
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
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** `glassbox run`: one configuration of an experiment, with progress on stderr. */
export async function runCommand(args: string[], signal: AbortSignal): Promise<void> {
  const values = parseOptions(args, options);
  if (!values.method) throw new UsageError("--method is missing; it is linear, vanilla or ernode");
  const wanted = {
    method: values.method,
    preset: values.preset,
    seed: numberOption("seed", values.seed),
    epochs: numberOption("epochs", values.epochs),
    weight: numberOption("weight", values.weight),
  } as MnistOdeOptions;
  mnistOdeConfiguration(wanted);
  const progress = new ProgressLine(process.stderr, `${wanted.method} seed ${wanted.seed}`);
  const row = await runMnistOde(wanted, {
    signal,
    onDigits: (description) => progress.note(description),
    onProgress: (state) => progress.update(state),
    fetch: { onProgress: (state) => progress.download(state) },
  }).finally(() => progress.end());
  if (values.out) await writeRow(values.out, row);
  console.log(values.json ? JSON.stringify(row) : summary(row));
}

function summary(row: ResultRow): string {
  const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;
  return (
    `${row.method}: test ${percent(row.testAccuracy)}, training ${percent(row.trainAccuracy)}, ` +
    `NFE ${row.nfe} (probe ${row.nfeProbe}), ${row.timing.seconds.toFixed(1)} s of training`
  );
}
