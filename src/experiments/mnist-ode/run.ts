import { type Digits, loadDigits } from "../../data/digits.js";
import { firstImages } from "../../data/labelled-images.js";
import type { Model } from "../../models/model.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { momentum } from "../../nn/optimizers/momentum.js";
import type { Regularizer } from "../../regularizers/regularizer.js";
import { type TrainOptions, train } from "../../training/train.js";
import type { TrainingResult } from "../../training/training-options.js";
import type { RunContext } from "../experiment.js";
import { provenance } from "../provenance.js";
import { threadsOf } from "../threads.js";
import { courseOf, trainingContext } from "../training-context.js";
import { scheduleOf } from "../weight-decay.js";
import {
  type MnistOdeConfiguration,
  type MnistOdeOptions,
  mnistOdeConfiguration,
  mnistOdeIdentity,
  regularizationOf,
} from "./configuration.js";
import { measure } from "./measure.js";
import { mnistModel } from "./mnist-model.js";
import type { MnistOdeRow } from "./mnist-ode-row.js";

/** Test images on which the accuracy is followed during training. */
const validationImages = 512;

/** What is measured in the course of a training, beside the validation accuracy and the evaluations after every epoch. */
export type Watch = Pick<TrainOptions, "alsoMeasure" | "evaluateEvery">;

/** What is trained on what. */
export interface MnistTraining {
  readonly model: Model;
  readonly digits: Digits;
  readonly configuration: MnistOdeConfiguration;
}

/**
 * Trains, evaluates and probes one configuration; returns its row.
 *
 * @throws RangeError for wrong options; DataError when the digits cannot be had; TrainingError when the training breaks
 * down; SolveError when the trained model cannot be solved; the signal's reason when it is aborted.
 */
export function runMnistOde(options: MnistOdeOptions, context: RunContext = {}): Promise<MnistOdeRow> {
  return runWatched(options, context, () => ({}));
}

/**
 * The same, with a training that is watched more closely.
 *
 * @throws what `runMnistOde` throws, and what the watch throws.
 */
export async function runWatched(
  options: MnistOdeOptions,
  context: RunContext,
  watch: (training: MnistTraining) => Watch,
): Promise<MnistOdeRow> {
  const begin = performance.now();
  const { signal } = context;
  const configuration = mnistOdeConfiguration(options);
  const { digits: set, limit } = configuration;
  const digits = await loadDigits({ set, limit, fetch: { signal, ...context.fetch } });
  context.onData?.(digits.description);
  const threads = threadsOf(context);
  const model = mnistModel(configuration, threads);
  try {
    const identity = mnistOdeIdentity(options.preset, configuration);
    const watched = watch({ model, digits, configuration });
    const trained = await trainOn(digits, model, configuration, { ...context, ...watched });
    return {
      ...identity,
      ...(await measure(model, trained.params, digits, configuration, signal)),
      ...courseOf(trained),
      timing: { seconds: trained.seconds, totalSeconds: (performance.now() - begin) / 1000, threads },
      provenance: provenance(),
    };
  } finally {
    model.dispose();
  }
}

function trainOn(
  digits: Digits,
  model: Model,
  configuration: MnistOdeConfiguration,
  context: RunContext & Watch,
): Promise<TrainingResult> {
  const { batchSize, epochs, seed, annealing } = configuration;
  return train({
    model,
    train: digits.train,
    validation: firstImages(digits.test, validationImages),
    loss: softmaxCrossEntropy,
    optimizer: momentum(configuration),
    regularizers: regularizersOf(configuration),
    batchSize,
    epochs,
    seed,
    annealing,
    alsoMeasure: context.alsoMeasure,
    evaluateEvery: context.evaluateEvery,
    ...trainingContext(context, configuration),
  });
}

function regularizersOf({ method, weight }: MnistOdeConfiguration): readonly Regularizer[] {
  return regularizationOf(method).regularizers(scheduleOf(weight));
}
