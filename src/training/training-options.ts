import type { NdArray } from "../compiler/nd-array.js";
import type { Optimizer } from "../nn/optimizers/optimizer.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import type { CheckpointOptions } from "./checkpoint-file.js";
import type { FailurePolicy, Incident } from "./failure-policy.js";
import type { Task } from "./task.js";
import type { CurvePoint } from "./training-curve.js";
import type { TrainingProgress } from "./training-progress.js";

/** How any task is trained. */
export interface TrainingOptions {
  readonly optimizer: Optimizer;
  /** @defaultValue none */
  readonly regularizers?: readonly Regularizer[];
  /** Decides the initial parameters, the order of the samples and whatever else is drawn. */
  readonly seed: number;
  /** When the weights of regularizers change. @defaultValue "iteration" */
  readonly annealing?: "iteration" | "epoch";
  /** What becomes of failed solves and of numbers that are not finite. @defaultValue stop */
  readonly onFailure?: FailurePolicy;
  /** Where the training is kept, so that it can go on after an interruption. @defaultValue nowhere */
  readonly checkpoint?: CheckpointOptions;
  /** Whether to go on from the checkpoint, if there is one, to the very same result. @defaultValue false */
  readonly resume?: boolean;
  /** Stops the training between two iterations; a checkpoint is written first. */
  readonly signal?: AbortSignal;
  /** Called after every iteration, and awaited: it may draw. */
  readonly onProgress?: (progress: TrainingProgress) => void | Promise<void>;
  /** Told of each failure that the training survives. */
  readonly onIncident?: (incident: Incident) => void | Promise<void>;
}

/** What to train, how long, and how. */
export interface TaskTrainingOptions extends TrainingOptions {
  readonly task: Task;
  readonly iterations: number;
  /** Iterations from one evaluation to the next. @defaultValue an epoch */
  readonly evaluateEvery?: number;
}

/** A finished training. */
export interface TrainingResult {
  readonly params: Readonly<Record<string, NdArray>>;
  /** Seconds of training, without evaluations. */
  readonly seconds: number;
  readonly iterations: number;
  /** Loss, penalty and evaluations on the way, thinned. */
  readonly curve: readonly CurvePoint[];
  /** Failures that the training survived. */
  readonly incidents: readonly Incident[];
}
