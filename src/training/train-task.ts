import { Random } from "../compiler/random.js";
import { requireFailurePolicy } from "./failure-policy.js";
import { requireCounts } from "./iterations.js";
import { Training } from "./training.js";
import type { TaskTrainingOptions, TrainingResult } from "./training-options.js";

/**
 * Trains a task. Parameters and optimizer state stay with the target; between iterations it yields to the event loop, so
 * that a stop button works and a chart can be drawn.
 *
 * @throws TrainingError when a solve fails or a number is not finite, and the policy is at its end; CheckpointError when the
 * checkpoint is damaged or another training's; the signal's reason when it is aborted; RangeError when a number among the
 * options is wrong.
 */
export async function trainTask(options: TaskTrainingOptions): Promise<TrainingResult> {
  const {
    task,
    iterations,
    evaluateEvery = task.iterationsPerEpoch,
    annealing = "iteration",
    regularizers = [],
    onFailure = { action: "stop" },
  } = options;
  requireCounts({ iterations, evaluateEvery, iterationsPerEpoch: task.iterationsPerEpoch });
  requireFailurePolicy(onFailure);
  const random = new Random(options.seed);
  const plan = { iterations, iterationsPerEpoch: task.iterationsPerEpoch, annealing, regularizers, random };
  const training = new Training({ ...options, evaluateEvery, onFailure, plan });
  try {
    return await training.run();
  } finally {
    training.dispose();
  }
}
