import type { NdArray } from "../compiler/nd-array.js";
import { Random } from "../compiler/random.js";
import { range } from "../data/image-batch.js";
import type { LabelledImages } from "../data/labelled-images.js";
import type { Model } from "../models/model.js";
import { SolveError } from "../models/solve-error.js";
import type { Loss } from "../nn/losses.js";
import type { Optimizer } from "../nn/optimizers/optimizer.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import type { BatchMeasures } from "./classifier.js";
import { evaluateClassifier } from "./evaluate.js";
import { iterationsPerEpoch, trainingIterations } from "./iterations.js";
import { TrainingError } from "./training-error.js";
import type { EpochEvaluation, TrainingProgress } from "./training-progress.js";
import { requireFinite, TrainingSession } from "./training-session.js";

/** What to train, on what, and how. */
export interface TrainOptions {
  readonly model: Model;
  readonly train: LabelledImages;
  /** Images on which the accuracy is followed after every epoch. */
  readonly validation: LabelledImages;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** @defaultValue none */
  readonly regularizers?: readonly Regularizer[];
  readonly batchSize: number;
  readonly epochs: number;
  /** Decides the initial parameters and the order of the images. */
  readonly seed: number;
  /** When the weights of regularizers change. @defaultValue "iteration" */
  readonly annealing?: "iteration" | "epoch";
  /** Stops the training between two batches. */
  readonly signal?: AbortSignal;
  /** Called after every iteration, and awaited: it may draw. */
  readonly onProgress?: (progress: TrainingProgress) => void | Promise<void>;
}

/** A finished training. */
export interface TrainingResult {
  readonly params: Readonly<Record<string, NdArray>>;
  /** Seconds of training, without evaluations. */
  readonly seconds: number;
  readonly iterations: number;
}

/**
 * Trains a classifier by seeded mini-batches. Parameters and optimizer state stay with the target; between batches it
 * yields to the event loop, so that a stop button works and a chart can be drawn.
 *
 * @throws TrainingError when a solve fails or the loss is not finite; the signal's reason when it is aborted; RangeError
 * when there is nothing to train on.
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const { train: images, batchSize, epochs, seed, annealing = "iteration", signal, onProgress } = options;
  const plan = { count: images.count, batchSize, epochs, seed, annealing };
  const perEpoch = iterationsPerEpoch(plan);
  const iterations = epochs * perEpoch;
  const first = range(0, Math.min(batchSize, images.count));
  const session = new TrainingSession(options, new Random(seed));
  let iteration = 0;
  let seconds = 0;

  const evaluate = async (): Promise<EpochEvaluation> => {
    const { accuracy, loss } = await evaluateClassifier(session.classifier, options.validation, { signal });
    requireFinite(iteration, "validation loss", loss);
    return { accuracy, nfe: session.classifier.measure(images, first).nfe };
  };
  const report = async (batch: BatchMeasures, size: number, evaluation?: EpochEvaluation): Promise<void> => {
    const { loss, penalty, nfe, correct } = batch;
    const epoch = iteration / perEpoch;
    const secondsLeft = iteration === 0 ? 0 : (seconds / iteration) * (iterations - iteration);
    const measured = { loss, penalty, nfe, batchAccuracy: correct / size, ...(evaluation && { evaluation }) };
    await onProgress?.({ iteration, iterations, epoch, seconds, secondsLeft, ...measured });
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  };

  try {
    await report(session.classifier.measure(images, first), first.length, await evaluate());
    for (const next of trainingIterations(plan)) {
      iteration = next.iteration;
      const begin = performance.now();
      const batch = session.step(next);
      seconds += (performance.now() - begin) / 1000;
      await report(batch, next.positions.length, next.endsEpoch ? await evaluate() : undefined);
    }
    return { params: session.classifier.params(), seconds, iterations };
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
    throw new TrainingError(iteration, error.message, { cause: error });
  } finally {
    session.dispose();
  }
}
