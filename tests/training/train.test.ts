import { afterAll, describe, expect, it } from "vitest";
import type { TargetName } from "../../src/compiler/targets/target.js";
import { range } from "../../src/data/image-batch.js";
import type { Model } from "../../src/models/model.js";
import { momentum } from "../../src/nn/optimizers/momentum.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { Classifier } from "../../src/training/classifier.js";
import { type TrainOptions, train } from "../../src/training/train.js";
import { TrainingError } from "../../src/training/training-error.js";
import type { TrainingProgress } from "../../src/training/training-progress.js";
import { countingTarget } from "../laws/counting-target.js";
import { fastTarget, recorder, smallImages, smallLinear, smallOde, smallTraining } from "./small-training.js";

const targets: readonly TargetName[] = ["javascript", "onnx"];
const penalised = (weight: number): readonly Regularizer[] => [errorPenalty({ weight: constant(weight) })];

/** Trains a model; gives its parameters and everything that was reported. */
async function trained(model: Model, options: Partial<TrainOptions> = {}) {
  const { records, onProgress } = recorder();
  const { params } = await train(smallTraining(model, { onProgress, ...options }));
  return { params, records };
}

describe.each(targets)("training on %s", (target) => {
  const model = smallOde({ target });
  afterAll(() => model.dispose());

  it("gives bit for bit the same parameters and progress from the same seed, and others from another", async () => {
    const options = { regularizers: penalised(1) };
    const [first, again, other] = [
      await trained(model, options),
      await trained(model, options),
      await trained(model, { ...options, seed: 2 }),
    ];
    expect(again).toEqual(first);
    for (const name of Object.keys(first.params)) expect(other.params[name]).not.toEqual(first.params[name]);
  });

  it("starts from the same parameters and sees the same batches with and without a penalty", async () => {
    const vanilla = await trained(model);
    const slightly = await trained(model, { regularizers: penalised(1e-12) });
    const strongly = await trained(model, { regularizers: penalised(10) });
    const { loss, nfe, measures } = vanilla.records[1];
    for (const { records } of [slightly, strongly]) {
      expect(records[0]).toEqual(vanilla.records[0]);
      expect(records[1]).toMatchObject({ loss, nfe, measures });
      expect(records[1].penalty).toBeGreaterThan(0);
    }
    // a penalty of next to no weight changes next to nothing, so all batches were the same
    for (const [name, { data }] of Object.entries(vanilla.params)) {
      expect(slightly.params[name].data).toBeAllclose(data, { relative: 0, absolute: 1e-9 });
      expect(strongly.params[name].data).not.toEqual(data);
    }
  });
});

describe("the progress of a training", () => {
  it("is consistent: one report an iteration, evaluations at the start and after every epoch", async () => {
    const reports: TrainingProgress[] = [];
    const options = smallTraining(smallOde(), { onProgress: (progress) => void reports.push(progress) });
    const { seconds, iterations } = await train(options);
    expect(iterations).toBe(6);
    expect(reports.map(({ iteration }) => iteration)).toEqual([...range(0, 7)]);
    reports.forEach((report, i) => {
      expect(report.iterations).toBe(6);
      expect(report.epoch).toBeCloseTo(i / 2, 12);
      expect(report.evaluation !== undefined).toBe(i % 2 === 0);
      expect(report.penalty).toBe(0);
      expect(report.nfe).toBeGreaterThan(0);
      expect(report.seconds).toBeGreaterThanOrEqual(reports[Math.max(0, i - 1)].seconds);
      for (const fraction of [report.measures.accuracy, report.evaluation?.accuracy ?? 0]) {
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThanOrEqual(1);
      }
    });
    const last = reports[6];
    expect([last.secondsLeft, last.seconds]).toEqual([0, seconds]);
  });

  it("ends at what the returned parameters give", async () => {
    const model = smallOde();
    const { records, onProgress } = recorder();
    const options = smallTraining(model, { onProgress });
    const { params } = await train(options);
    const classifier = new Classifier(model, options.loss, params);
    const { correct } = classifier.measure(options.validation, range(0, 10));
    const { nfe } = classifier.measure(options.train, range(0, 10));
    expect(records[6].evaluation).toEqual({ accuracy: correct / 10, nfe });
    classifier.dispose();
    model.dispose();
  });

  it("is waited for: nothing goes on before a chart is drawn", async () => {
    let drawing = 0;
    const onProgress = async (): Promise<void> => {
      expect(++drawing).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      drawing--;
    };
    await train(smallTraining(smallLinear(), { onProgress }));
    expect(drawing).toBe(0);
  });
});

describe("a training", () => {
  it("learns what can be learnt", async () => {
    const { records, onProgress } = recorder();
    const images = smallImages(60, 4);
    await train(smallTraining(smallOde(), { train: images, epochs: 12, onProgress }));
    const [first, last] = [records[0], records[records.length - 1]];
    expect(first.evaluation?.accuracy).toBeLessThan(0.5);
    expect(last.evaluation?.accuracy).toBe(1);
    expect(last.loss).toBeLessThan(first.loss / 2);
  });

  it.each([
    ["iteration", [0, 1, 2, 3, 4, 5].map((i) => i / 5)],
    ["epoch", [0, 0, 1, 1, 2, 2].map((i) => i / 3)],
  ] as const)("changes the weights of penalties by %s", async (annealing, expected) => {
    const asked: number[] = [];
    const weight = (progress: number): number => {
      asked.push(progress);
      return 1;
    };
    await train(smallTraining(smallOde(), { annealing, regularizers: [errorPenalty({ weight })] }));
    expect(asked).toEqual(expected);
  });

  it("reports the weighted penalty beside the loss", async () => {
    const model = smallOde();
    const at = async (weight: number) => {
      const regularizers = [
        errorPenalty({ weight: constant(weight) }),
        stiffnessPenalty({ weight: constant(weight) }),
      ];
      return (await trained(model, { regularizers })).records[1];
    };
    const [once, thrice] = [await at(1), await at(3)];
    expect(thrice.penalty).toBeAllclose(3 * once.penalty);
    expect(thrice.loss).toBe(once.loss);
    model.dispose();
  });

  it("keeps the number of values on the target over 50 iterations, and frees all in the end", async () => {
    const target = countingTarget(fastTarget);
    const model = smallOde({ target });
    const counts = new Set<number>();
    await train(
      smallTraining(model, {
        // a partial batch at the end of each epoch
        batchSize: 8,
        epochs: 17,
        regularizers: penalised(1),
        // after the first epoch: by then both batch sizes are compiled, and their zeros are kept
        onProgress: ({ iteration }) => void (iteration > 3 && counts.add(target.values)),
      }),
    );
    expect(counts.size).toBe(1);
    model.dispose();
    expect([target.values, target.programs]).toEqual([0, 0]);
  });
});

describe("a training that is told to stop", () => {
  it.each([0, 1, 4])("after iteration %i makes no other one, and leaves nothing behind", async (last) => {
    const target = countingTarget(fastTarget);
    const model = smallOde({ target });
    const stop = new AbortController();
    const seen: number[] = [];
    const run = train(
      smallTraining(model, {
        signal: stop.signal,
        onProgress: ({ iteration }) => {
          seen.push(iteration);
          if (iteration === last) stop.abort();
        },
      }),
    );
    expect(await run.catch((reason: unknown) => reason)).toBe(stop.signal.reason);
    expect(seen).toEqual([...range(0, last + 1)]);
    model.dispose();
    expect([target.values, target.programs]).toEqual([0, 0]);
  });

  it("by a timer stops too: it yields between batches", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5);
    const run = train(smallTraining(smallLinear(), { epochs: 100_000, signal: stop.signal }));
    expect(await run.catch((reason: unknown) => reason)).toBe(stop.signal.reason);
  });
});

describe("a training that cannot go on", () => {
  const brokenPenalty: Regularizer = {
    name: "broken",
    weight: constant(1),
    steps: (accepted) => ({
      value: Number.NaN,
      dError: new Float64Array(accepted.length),
      dStiffness: new Float64Array(accepted.length),
    }),
  };
  const explosive = momentum({ learningRate: 1e308 });

  it.each([
    [
      "a solve that fails at once",
      { maxSteps: 1 },
      {},
      "before the first iteration: the limit of 1 steps was reached",
    ],
    [
      "a penalty that is no number",
      {},
      { regularizers: [brokenPenalty] },
      "at iteration 1: the penalty is NaN",
    ],
    ["parameters that explode", {}, { optimizer: explosive }, "at iteration"],
    [
      "parameters that explode in the last iteration",
      {},
      { optimizer: explosive, epochs: 1, train: smallImages(10, 1) },
      "at iteration 1: ",
    ],
  ])("for %s says so in one sentence, and leaves nothing behind", async (_, solver, options, start) => {
    const target = countingTarget(fastTarget);
    const model = smallOde({ target, ...solver });
    const error = await train(smallTraining(model, options)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TrainingError);
    const { message } = error as TrainingError;
    expect(message).toContain(`training stopped ${start}`);
    expect(message).toMatch(/^[^\n]*; a smaller learning rate or penalty weight may prevent it$/);
    model.dispose();
    expect([target.values, target.programs]).toEqual([0, 0]);
  });

  it("is also noticed without a solver", async () => {
    const options = smallTraining(smallLinear(), { optimizer: momentum({ learningRate: 1e308 }) });
    await expect(train(options)).rejects.toThrow(
      /^training stopped at iteration \d+: the (validation )?loss is (NaN|Infinity);/,
    );
  });

  it("for want of images says so", async () => {
    await expect(train(smallTraining(smallLinear(), { train: smallImages(0, 1) }))).rejects.toThrow(
      "train: count must be a whole number, at least 1, got 0",
    );
  });
});
