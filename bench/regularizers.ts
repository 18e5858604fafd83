import { regularizationMethods } from "#internal/experiments/regularization-methods.js";
import { compare, type Pair, type Row } from "./comparison.js";
import type { MeasureOptions } from "./contest.js";
import { asked } from "./engine.js";
import { interleave } from "./interleave.js";
import { type Ours, problemFolder, startOurs } from "./participants.js";
import { writeProblem } from "./problem-files.js";
import { PROBLEMS, type TargetName } from "./problems.js";

/** What an iteration with a method takes, compared with one without regularizers. */
export interface RegularizerRow extends Row {
  readonly method: string;
}

/** The problem whose field and size are trained. */
export const trainedProblem = "mnist";

/** Where trainings run; the reference is for reading, and too slow to be asked that often. */
export const trainingTargets: readonly TargetName[] = ["wasm", "onnx"];

/**
 * Measures an iteration of training with each method of the experiments, all methods of a target in turns in one process.
 *
 * @throws Error when a method solves another problem than vanilla does, STEER aside.
 */
export async function measureRegularizers(options: MeasureOptions): Promise<RegularizerRow[]> {
  const { targets, nodes, wide, threads, onProgress } = options;
  const folder = problemFolder(trainedProblem);
  writeProblem(folder, PROBLEMS[trainedProblem], threads);
  const rows: RegularizerRow[] = [];
  for (const ours of await startOurs("iteration", folder, { targets, nodes, wide })) {
    onProgress(`regularizers: ${ours.engine.greeting.engine}`);
    rows.push(...(await measureOn(ours, options)));
    await ours.engine.stop();
  }
  return rows;
}

async function measureOn(
  ours: Ours,
  { rounds, onProgress }: Pick<MeasureOptions, "rounds" | "onProgress">,
): Promise<RegularizerRow[]> {
  const engines = Object.keys(regularizationMethods).map((method) =>
    asked(ours.engine, { regularization: method }, { engine: method }),
  );
  const [vanilla, ...others] = engines;
  const onRound = (round: number) => onProgress(`regularizers: round ${round + 1} of ${rounds}`);
  const turns = { rounds, firstStep: null, repetitions: 3, pause: 0, onRound };
  const measurements = await interleave(engines, turns);
  return others.flatMap((engine) => {
    const pair: Pair = [{ ...ours, engine }, vanilla];
    const method = engine.greeting.engine;
    return compare(trainedProblem, [pair], measurements).map((row) => ({ ...row, method }));
  });
}
