import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Random } from "../../src/compiler/random.js";
import type { Precision, TargetName } from "../../src/compiler/targets/target.js";
import { adaBelief } from "../../src/nn/optimizers/ada-belief.js";
import { adaMax } from "../../src/nn/optimizers/ada-max.js";
import { adam } from "../../src/nn/optimizers/adam.js";
import { momentum } from "../../src/nn/optimizers/momentum.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { steer } from "../../src/regularizers/steer.js";
import { CheckpointError, readCheckpoint } from "../../src/training/checkpoint-file.js";
import { train } from "../../src/training/train.js";
import { trainTask } from "../../src/training/train-task.js";
import type { TaskTrainingOptions, TrainingResult } from "../../src/training/training-options.js";
import { countingTarget } from "../laws/counting-target.js";
import { smallTask, taskTraining } from "./small-task.js";
import { smallOde, smallTraining } from "./small-training.js";
import { temporaryFolder } from "./temporary-folder.js";

/** A result without its times, which differ from run to run. */
function repeatable({ seconds, ...rest }: TrainingResult) {
  return rest;
}

/** Trains, interrupted after each of the given iterations, and resumed each time. */
async function inPieces(options: TaskTrainingOptions, stops: readonly number[]): Promise<TrainingResult> {
  for (const last of stops) {
    const stop = new AbortController();
    const onProgress = ({ iteration }: { iteration: number }): void => {
      if (iteration === last) stop.abort();
    };
    const run = trainTask({ ...options, onProgress, signal: stop.signal, resume: true });
    expect(await run.catch((reason: unknown) => reason)).toBe(stop.signal.reason);
  }
  return trainTask({ ...options, resume: true });
}

const targets: readonly [TargetName, Precision][] = [
  ["javascript", "float64"],
  ["wasm", "float64"],
  ["wasm", "float32"],
];
const optimizers = [momentum({ learningRate: 0.01, decay: 1e-3 }), adam(), adaMax(), adaBelief()];

describe.each(targets)("a training on %s in %s that was interrupted", (target, precision) => {
  const task = smallTask(target, precision);
  afterAll(() => task.dispose());

  it.each(optimizers.map((optimizer) => [optimizer.name, optimizer] as const))(
    "goes on to the very same parameters and curve with %s, wherever it was stopped",
    async (_, optimizer) => {
      const options = taskTraining(task, { optimizer });
      const whole = await trainTask(options);
      const random = new Random(3);
      for (let round = 0; round < 3; round++) {
        const path = join(temporaryFolder(), "deep", "training.safetensors");
        const stops = [0, 1, 1].map(() => 1 + random.integer(11)).sort((a, b) => a - b);
        const pieces = await inPieces({ ...options, checkpoint: { path } }, [...new Set(stops)]);
        expect(repeatable(pieces)).toEqual(repeatable(whole));
      }
    },
  );
});

describe("a classifier's training that was interrupted", () => {
  it("goes on to the very same result, in the middle of an epoch", async () => {
    const model = smallOde({ target: "wasm" });
    const options = smallTraining(model, { optimizer: adam() });
    const whole = await train(options);
    const checkpoint = { path: join(temporaryFolder(), "classifier.safetensors") };
    const stop = new AbortController();
    const onProgress = ({ iteration }: { iteration: number }): void => {
      if (iteration === 3) stop.abort();
    };
    const run = train({ ...options, checkpoint, onProgress, signal: stop.signal });
    expect(await run.catch((reason: unknown) => reason)).toBe(stop.signal.reason);
    expect((await readCheckpoint(checkpoint.path)).snapshot.iteration).toBe(3);
    expect(repeatable(await train({ ...options, checkpoint, resume: true }))).toEqual(repeatable(whole));
    model.dispose();
  });
});

describe("a checkpoint", () => {
  const task = smallTask("javascript");
  afterAll(() => task.dispose());

  /** The iteration that is kept; 0 without a checkpoint. */
  const keptIteration = async (path: string): Promise<number> =>
    existsSync(path) ? (await readCheckpoint(path)).snapshot.iteration : 0;

  /** Trains to the end with a checkpoint; gives its path. */
  async function finished(options: Partial<TaskTrainingOptions> = {}) {
    const path = join(temporaryFolder(), "training.safetensors");
    const result = await trainTask(taskTraining(task, { checkpoint: { path }, ...options }));
    return { path, result };
  }

  it("at the end holds the result, and going on from it does nothing more", async () => {
    const { path, result } = await finished();
    const checkpoint = await readCheckpoint(path);
    expect(checkpoint.snapshot.params).toEqual(result.params);
    expect(checkpoint.curve).toEqual(result.curve);
    expect(checkpoint.configuration).toMatchObject({ seed: 1, iterations: 12, target: "javascript" });
    const { ino, mtimeMs } = statSync(path);
    const seen: number[] = [];
    const onProgress = ({ iteration }: { iteration: number }): void => void seen.push(iteration);
    const again = await trainTask(taskTraining(task, { checkpoint: { path }, resume: true, onProgress }));
    expect(again).toEqual(result);
    expect(seen).toEqual([]);
    expect(statSync(path)).toMatchObject({ ino, mtimeMs });
  });

  it("is where a training begins that resumes from nothing", async () => {
    const path = join(temporaryFolder(), "training.safetensors");
    const begun = await trainTask(taskTraining(task, { checkpoint: { path }, resume: true }));
    expect(repeatable(begun)).toEqual(repeatable(await trainTask(taskTraining(task))));
  });

  it("is written every so many iterations, and no half of a file is left of those that were killed", async () => {
    const path = join(temporaryFolder(), "training.safetensors");
    writeFileSync(`${path}.1234.part`, "half a");
    const kept: number[] = [];
    const onProgress = async (): Promise<void> => void kept.push(await keptIteration(path));
    await trainTask(taskTraining(task, { checkpoint: { path, everyIterations: 5 }, onProgress }));
    // seen after each iteration, before its own checkpoint is written
    expect(kept).toEqual([0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]);
    expect((await readCheckpoint(path)).snapshot.iteration).toBe(12);
    expect(readdirSync(join(path, ".."))).toEqual(["training.safetensors"]);
  });

  it("is written every so many seconds, a minute if nothing is said", async () => {
    for (const [everySeconds, perIteration] of [
      [5, 1],
      [undefined, 13],
    ] as const) {
      vi.useFakeTimers({ toFake: ["performance"] });
      onTestFinished(() => void vi.useRealTimers());
      const path = join(temporaryFolder(), "training.safetensors");
      const kept: number[] = [];
      const onProgress = async ({ iteration }: { iteration: number }): Promise<void> => {
        kept.push(await keptIteration(path));
        if (iteration > 0) vi.advanceTimersByTime(1000 * perIteration);
      };
      await trainTask(taskTraining(task, { checkpoint: { path, everySeconds }, onProgress }));
      expect(kept).toEqual([0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]);
    }
  });

  it("is not written over by a training that is to begin anew", async () => {
    const { path } = await finished();
    const before = readFileSync(path);
    await expect(trainTask(taskTraining(task, { checkpoint: { path } }))).rejects.toThrow(
      new CheckpointError(`there is a checkpoint at ${path} already; resume from it, or remove it`),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  const others: [string, Partial<TaskTrainingOptions>, string][] = [
    ["seed", { seed: 2 }, "its seed is 1, this one's is 2"],
    ["length", { iterations: 13 }, "its iterations is 12, this one's is 13"],
    ["evaluations", { evaluateEvery: 3 }, "its evaluateEvery is 4, this one's is 3"],
    ["annealing", { annealing: "epoch" }, 'its annealing is "iteration", this one\'s is "epoch"'],
    ["optimizer", { optimizer: momentum() }, 'its optimizer.name is "adam", this one\'s is "momentum"'],
    [
      "learning rate",
      { optimizer: adam({ learningRate: 0.02 }) },
      "its optimizer.first.rate is 0.01, this one's is 0.02",
    ],
    ["penalties", { regularizers: [] }, 'its regularizers.0.name is "error", this one\'s is absent'],
    [
      "form of a penalty",
      { regularizers: [errorPenalty({ weight: constant(1), form: "E" }), steer({ width: 0.5 })] },
      'its regularizers.0.settings.form is "E h", this one\'s is "E"',
    ],
    [
      "width of STEER",
      { regularizers: [errorPenalty({ weight: constant(1) }), steer({ width: 0.25 })] },
      "its regularizers.1.settings.width is 0.5, this one's is 0.25",
    ],
  ];
  it.each(others)("is not taken for one of another %s", async (_, change, difference) => {
    const { path } = await finished();
    const before = readFileSync(path);
    const other = trainTask(taskTraining(task, { ...change, checkpoint: { path }, resume: true }));
    await expect(other).rejects.toThrow(
      `the checkpoint ${path} is another training's: ${difference}; choose another file, or train as it was begun`,
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it("is not taken for one of another configuration that the caller gave, nor of another target", async () => {
    const path = join(temporaryFolder(), "training.safetensors");
    const configuration = { preset: "quick", weight: { from: 1, to: 0.1 } };
    await trainTask(taskTraining(task, { checkpoint: { path, configuration } }));
    const resumed = (changed: unknown, on = task) =>
      trainTask(taskTraining(on, { checkpoint: { path, configuration: changed }, resume: true }));
    await expect(resumed({ ...configuration, weight: { from: 2, to: 0.1 } })).rejects.toThrow(
      "its configuration.weight.from is 1, this one's is 2",
    );
    const elsewhere = smallTask("wasm");
    await expect(resumed(configuration, elsewhere)).rejects.toThrow('its target is "javascript"');
    elsewhere.dispose();
    expect((await resumed(configuration)).iterations).toBe(12);
  });

  it("that is damaged is refused, and nothing is left on the target", async () => {
    const { path } = await finished();
    const whole = readFileSync(path);
    const target = countingTarget();
    const counted = smallTask(target);
    for (const damaged of [whole.subarray(0, -1), Buffer.from(whole).fill(1, 300, 301), Buffer.alloc(0)]) {
      writeFileSync(path, damaged);
      await expect(trainTask(taskTraining(counted, { checkpoint: { path }, resume: true }))).rejects.toThrow(
        /^the checkpoint \S+ is damaged: [^\n]+; remove it to begin anew$/,
      );
    }
    counted.dispose();
    expect([target.values, target.programs]).toEqual([0, 0]);
  });

  it.each(["everySeconds", "everyIterations"])("cannot be written at no interval of %s", async (name) => {
    for (const wrong of [0, -1, Number.NaN]) {
      const path = join(temporaryFolder(), "training.safetensors");
      const run = trainTask(taskTraining(task, { checkpoint: { path, [name]: wrong } }));
      await expect(run).rejects.toThrow(`train: checkpoint.${name} must be positive, got ${wrong}`);
    }
  });

  it("that cannot be read or written says so", async () => {
    const folder = temporaryFolder();
    const training = (path: string) => trainTask(taskTraining(task, { checkpoint: { path } }));
    await expect(training(folder)).rejects.toThrow(`the checkpoint ${folder} cannot be read: EISDIR`);
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(training(join(file, "training"))).rejects.toThrow(CheckpointError);
    await expect(readCheckpoint(join(folder, "none"))).rejects.toThrow(
      `there is no checkpoint at ${join(folder, "none")}`,
    );
  });
});
