import { ClassifierTask, type ClassifierTaskOptions } from "./classifier-task.js";
import { requireCounts } from "./iterations.js";
import { trainTask } from "./train-task.js";
import type { TrainingOptions, TrainingResult } from "./training-options.js";

/** What to train, on what, and how. */
export interface TrainOptions extends ClassifierTaskOptions, TrainingOptions {
  readonly epochs: number;
  /** Iterations from one evaluation to the next. @defaultValue an epoch */
  readonly evaluateEvery?: number;
}

/**
 * Trains a classifier of digits by seeded mini-batches: {@link trainTask} with the task of classification.
 *
 * @throws what trainTask throws; RangeError when there is nothing to train on.
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const { train: images, batchSize, epochs, checkpoint } = options;
  const { count } = images;
  requireCounts({ count, batchSize, epochs });
  const task = new ClassifierTask(options);
  const configuration = { images: count, batchSize, ...(checkpoint && { run: checkpoint.configuration }) };
  try {
    return await trainTask({
      ...options,
      task,
      iterations: epochs * task.iterationsPerEpoch,
      checkpoint: checkpoint && { ...checkpoint, configuration },
    });
  } finally {
    task.dispose();
  }
}
