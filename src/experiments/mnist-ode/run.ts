import { type Digits, type DigitsOptions, loadDigits } from "../../data/digits.js";
import { firstImages } from "../../data/labelled-images.js";
import type { Model } from "../../models/model.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { momentum } from "../../nn/optimizers/momentum.js";
import { annealed } from "../../nn/schedules.js";
import { errorPenalty } from "../../regularizers/error-penalty.js";
import type { Regularizer } from "../../regularizers/regularizer.js";
import { train } from "../../training/train.js";
import type { TrainingResult } from "../../training/training-options.js";
import type { TrainingProgress } from "../../training/training-progress.js";
import { provenance } from "../provenance.js";
import type { ResultRow } from "../result-row.js";
import {
  type MnistOdeConfiguration,
  type MnistOdeOptions,
  mnistOdeConfiguration,
  mnistOdeIdentity,
} from "./configuration.js";
import { measure } from "./measure.js";
import { mnistModel } from "./mnist-model.js";
import { TrainingCurve } from "./training-curve.js";

/** How a run is watched and stopped. */
export interface RunContext {
  readonly signal?: AbortSignal;
  /** Called after every iteration, and awaited: it may draw. */
  readonly onProgress?: (progress: TrainingProgress) => void | Promise<void>;
  /** Told once which digits are in use. */
  readonly onDigits?: (description: string) => void;
  /** Progress of a download, where the digits have to be fetched. */
  readonly fetch?: DigitsOptions["fetch"];
}

/** Test images on which the accuracy is followed during training. */
const validationImages = 512;

/**
 * Trains, evaluates and probes one configuration; returns its row.
 *
 * @throws RangeError for wrong options; DataError when the digits cannot be had; TrainingError when the training breaks
 * down; SolveError when the trained model cannot be solved; the signal's reason when it is aborted.
 */
export async function runMnistOde(options: MnistOdeOptions, context: RunContext = {}): Promise<ResultRow> {
  const begin = performance.now();
  const { signal } = context;
  const configuration = mnistOdeConfiguration(options);
  const { digits: set, limit } = configuration;
  const digits = await loadDigits({ set, limit, fetch: { signal, ...context.fetch } });
  context.onDigits?.(digits.description);
  const model = mnistModel(configuration);
  try {
    const curve = new TrainingCurve();
    const trained = await trainOn(digits, model, configuration, {
      ...context,
      onProgress: async (progress) => {
        curve.add(progress);
        await context.onProgress?.(progress);
      },
    });
    return {
      ...mnistOdeIdentity(options.preset, configuration),
      ...(await measure(model, trained.params, digits, configuration, signal)),
      curve: curve.points,
      timing: { seconds: trained.seconds, totalSeconds: (performance.now() - begin) / 1000 },
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
  { signal, onProgress }: RunContext,
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
    signal,
    onProgress,
  });
}

function regularizersOf({ method, weight: { from, to } }: MnistOdeConfiguration): Regularizer[] {
  return method === "ernode" ? [errorPenalty({ weight: annealed(from, to), reduction: "mean" })] : [];
}
