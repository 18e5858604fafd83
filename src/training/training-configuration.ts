import type { Optimizer } from "../nn/optimizers/optimizer.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import type { IterationPlan } from "./iterations.js";
import type { TaskTrainingOptions } from "./training-options.js";

/** What is compared before a training goes on from a checkpoint. */
type ConfiguredOptions = Pick<TaskTrainingOptions, "task" | "optimizer" | "seed" | "checkpoint"> & {
  readonly evaluateEvery: number;
  readonly plan: IterationPlan;
};

/**
 * A training as plain data, so that two can be compared. Functions are represented by what they give: learning rates at the
 * first and the last iteration, weights at the start, in the middle and at the end; regularizers say their settings.
 */
export function trainingConfiguration(options: ConfiguredOptions): Readonly<Record<string, unknown>> {
  const { task, optimizer, seed, evaluateEvery, plan, checkpoint } = options;
  const { iterations, iterationsPerEpoch, annealing, regularizers } = plan;
  return {
    target: task.target.name,
    precision: task.target.precision,
    seed,
    iterations,
    iterationsPerEpoch,
    evaluateEvery,
    annealing,
    optimizer: optimizerData(optimizer, iterations),
    regularizers: regularizers.map(regularizerData),
    parameters: task.params,
    configuration: checkpoint?.configuration ?? {},
  };
}

function optimizerData(optimizer: Optimizer, iterations: number) {
  const numbersAt = (iteration: number) => ({
    rate: optimizer.rate(iteration),
    ...optimizer.scalars?.(iteration),
  });
  return { name: optimizer.name, first: numbersAt(1), last: numbersAt(iterations) };
}

function regularizerData(regularizer: Regularizer) {
  const { name, settings } = regularizer;
  if (!("weight" in regularizer)) return { name, settings };
  return { name, settings, weight: [0, 0.5, 1].map((progress) => regularizer.weight(progress)) };
}
