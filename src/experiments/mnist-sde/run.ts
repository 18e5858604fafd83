import { wasmTarget } from "../../compiler/targets/wasm/wasm-target.js";
import { type Digits, loadDigits } from "../../data/digits.js";
import { firstImages } from "../../data/labelled-images.js";
import type { Model } from "../../models/model.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { adam } from "../../nn/optimizers/adam.js";
import { train } from "../../training/train.js";
import type { TrainingResult } from "../../training/training-options.js";
import type { RunContext } from "../experiment.js";
import { provenance } from "../provenance.js";
import { threadsOf } from "../threads.js";
import { courseOf, trainingContext } from "../training-context.js";
import { scheduleOf } from "../weight-decay.js";
import {
  type MnistSdeConfiguration,
  type MnistSdeOptions,
  mnistSdeConfiguration,
  mnistSdeIdentity,
} from "./configuration.js";
import { measure } from "./measure.js";
import { mnistSdeMethods } from "./methods.js";
import { mnistSdeNetwork } from "./mnist-sde-model.js";
import type { MnistSdeRow } from "./mnist-sde-row.js";

/** Test images on which the accuracy is followed during training, along one path each. */
const validationImages = 512;

/**
 * Trains, evaluates and probes one configuration; returns its row.
 *
 * @throws RangeError for wrong options; DataError when the digits cannot be had; TrainingError when the training breaks
 * down; SolveError when the trained model cannot be solved; the signal's reason when it is aborted.
 */
export async function runMnistSde(options: MnistSdeOptions, context: RunContext = {}): Promise<MnistSdeRow> {
  const begin = performance.now();
  const { signal } = context;
  const configuration = mnistSdeConfiguration(options);
  const { digits: set, limit, precision, tolerance, method } = configuration;
  const digits = await loadDigits({ set, limit, fetch: { signal, ...context.fetch } });
  context.onData?.(digits.description);
  const threads = threadsOf(context);
  const target = wasmTarget({ precision, threads });
  const { solver } = mnistSdeMethods[method];
  const model = mnistSdeNetwork(configuration, { target, tolerance, paths: 1, method: solver });
  try {
    const trained = await trainOn(digits, model, configuration, context);
    const { metrics, predictionSeconds } = await measure(
      target,
      trained.params,
      digits,
      configuration,
      signal,
    );
    const totalSeconds = (performance.now() - begin) / 1000;
    return {
      ...mnistSdeIdentity(options.preset, configuration),
      ...metrics,
      ...courseOf(trained),
      timing: { seconds: trained.seconds, totalSeconds, predictionSeconds, threads },
      provenance: provenance(),
    };
  } finally {
    model.dispose();
  }
}

function trainOn(
  digits: Digits,
  model: Model,
  configuration: MnistSdeConfiguration,
  context: RunContext,
): Promise<TrainingResult> {
  const { batchSize, epochs, seed, method, weight } = configuration;
  return train({
    model,
    train: digits.train,
    validation: firstImages(digits.test, validationImages),
    loss: softmaxCrossEntropy,
    optimizer: adam(configuration),
    regularizers: mnistSdeMethods[method].regularizers(scheduleOf(weight)),
    batchSize,
    epochs,
    seed,
    ...trainingContext(context, configuration),
  });
}
