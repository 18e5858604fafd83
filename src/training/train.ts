import type { NdArray } from "../compiler/nd-array.js";
import { Random } from "../compiler/random.js";
import type { NamedValues } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import { epochBatches } from "../data/batches.js";
import { imageBatch, range } from "../data/image-batch.js";
import type { LabelledImages } from "../data/labelled-images.js";
import { inputsName, type Model } from "../models/model.js";
import { SolveError } from "../models/ode-block.js";
import type { Loss } from "../nn/losses.js";
import type { Optimizer } from "../nn/optimizers/optimizer.js";
import { compileOptimizer } from "../nn/optimizers/optimizer-program.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import { ClassifierObjectives, correctName, targetsName } from "./classifier-objective.js";
import { type Evaluation, evaluateBatch, evaluateClassifier } from "./evaluate.js";

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

/** Plain numbers on one iteration. */
export interface TrainingProgress {
  /** 1, 2, ...; 0 before the first. */
  readonly iteration: number;
  readonly iterations: number;
  /** Epochs done, with fraction. */
  readonly epoch: number;
  /** Mean loss of the batch, without penalties. */
  readonly loss: number;
  /** Weighted penalties. */
  readonly penalty: number;
  /** Function evaluations of this batch's solve. */
  readonly nfe: number;
  /** Fraction of the batch classified rightly. */
  readonly batchAccuracy: number;
  /** Seconds since the start. */
  readonly seconds: number;
  /** Estimate of the seconds that are left. */
  readonly secondsLeft: number;
  /** There after each epoch, and before the first iteration. */
  readonly evaluation?: EpochEvaluation;
}

/** What is measured after every epoch. */
export interface EpochEvaluation {
  /** On the validation images. */
  readonly accuracy: number;
  /** Of a solve of the first batch of the training set, in file order: the same images each time. */
  readonly nfe: number;
}

/** A finished training. */
export interface TrainingResult {
  readonly params: Readonly<Record<string, NdArray>>;
  /** Seconds of training, without evaluations. */
  readonly seconds: number;
  readonly iterations: number;
}

/** Training cannot go on; the message says at which iteration, why, and what to change. */
export class TrainingError extends Error {
  override readonly name = "TrainingError";
}

/**
 * Trains a classifier by seeded mini-batches. Parameters and optimizer state stay with the target; between batches it
 * yields to the event loop, so that a stop button works and a chart can be drawn.
 *
 * @throws TrainingError when a solve fails or the loss is not finite; the signal's reason when it is aborted.
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const { train: set, epochs, batchSize, seed, signal, onProgress } = options;
  const random = new Random(seed);
  const session = new TrainingSession(options, random.split("initialise"));
  const perEpoch = Math.ceil(set.count / batchSize);
  const iterations = epochs * perEpoch;
  let trained = 0;
  let iteration = 0;
  const report = async (batch: BatchResult, evaluation?: EpochEvaluation): Promise<void> => {
    const epoch = iteration / perEpoch;
    const secondsLeft = iteration ? (trained / iteration) * (iterations - iteration) : 0;
    const progress = { iteration, iterations, epoch, ...batch, seconds: trained, secondsLeft };
    await onProgress?.({ ...progress, ...(evaluation && { evaluation }) });
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  };
  try {
    await report(session.look(), await session.evaluate());
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = random.split(`epoch ${epoch}`);
      for (const positions of epochBatches(set.count, batchSize, order)) {
        const byEpoch = options.annealing === "epoch";
        const progress = byEpoch ? epoch / epochs : iteration / Math.max(1, iterations - 1);
        iteration++;
        const begin = performance.now();
        const batch = session.step(positions, progress, iteration);
        trained += (performance.now() - begin) / 1000;
        const atEnd = iteration % perEpoch === 0;
        await report(batch, atEnd ? await session.evaluate() : undefined);
      }
    }
    return { params: session.params(), seconds: trained, iterations };
  } finally {
    session.dispose();
  }
}

/** What an iteration measures. */
type BatchResult = Pick<TrainingProgress, "loss" | "penalty" | "nfe" | "batchAccuracy">;

/** Parameters, optimizer state and programs of one training. */
class TrainingSession {
  private readonly scope: ValueScope;
  private readonly objectives: ClassifierObjectives;
  private readonly optimizer: ReturnType<typeof compileOptimizer>;
  private current: NamedValues;
  private state: NamedValues;

  constructor(
    private readonly options: TrainOptions,
    random: Random,
  ) {
    const { model, loss, optimizer } = options;
    const { target } = model;
    this.scope = new ValueScope(target);
    this.objectives = new ClassifierObjectives(model, loss);
    this.optimizer = compileOptimizer(optimizer, model.params, target);
    const initial = Object.entries(model.initialise(random));
    this.current = Object.fromEntries(initial.map(([name, value]) => [name, target.put(value)]));
    this.state = this.optimizer.initialState();
    this.scope.own([...Object.values(this.current), ...Object.values(this.state)]);
  }

  /** One iteration: gradient of loss and penalties on a batch, and an update. */
  step(positions: ArrayLike<number>, progress: number, iteration: number): BatchResult {
    const { model, train, regularizers = [] } = this.options;
    const { target } = model;
    const batch = new ValueScope(target);
    const { inputs, targets } = imageBatch(train, positions);
    const read = { [inputsName]: target.put(inputs), [targetsName]: target.put(targets) };
    batch.own(Object.values(read));
    try {
      const objective = this.objectives.get(positions.length);
      const context = { differentiate: true, regularizers, progress };
      const value = explained(iteration, () => objective.evaluate({ ...this.current, ...read }, context));
      try {
        checkFinite(value.loss + value.penalty, iteration);
        const gradients = value.gradients(Object.keys(model.params));
        batch.own(Object.values(gradients));
        this.update(gradients, iteration);
        const correct = target.get(value.values[correctName]).data[0];
        const nfe = value.runs.reduce((sum, run) => sum + (run.solve?.stats.nfe.total ?? 0), 0);
        return { loss: value.loss, penalty: value.penalty, nfe, batchAccuracy: correct / positions.length };
      } finally {
        value.release();
      }
    } finally {
      batch.release();
    }
  }

  /** The first batch in file order, as it stands: what is known before the first iteration. */
  look(): BatchResult {
    const { loss, correct, nfe } = this.firstBatch();
    return { loss, penalty: 0, nfe, batchAccuracy: correct / this.firstPositions().length };
  }

  /** Accuracy on the validation images, and the cost of the first batch in file order. */
  async evaluate(): Promise<EpochEvaluation> {
    const { model, validation, signal } = this.options;
    const { accuracy }: Evaluation = await evaluateClassifier(
      model,
      this.objectives,
      this.current,
      validation,
      {
        signal,
      },
    );
    return { accuracy, nfe: this.firstBatch().nfe };
  }

  /** The parameters, copied to the host. */
  params(): Record<string, NdArray> {
    const { target } = this.options.model;
    return Object.fromEntries(Object.entries(this.current).map(([name, value]) => [name, target.get(value)]));
  }

  dispose(): void {
    this.scope.release();
    this.objectives.dispose();
    this.optimizer.dispose();
  }

  private update(gradients: NamedValues, iteration: number): void {
    const updated = this.optimizer.update(this.current, gradients, this.state, iteration);
    this.scope.own([...Object.values(updated.params), ...Object.values(updated.state)]);
    this.scope.free([...Object.values(this.current), ...Object.values(this.state)]);
    this.current = updated.params;
    this.state = updated.state;
  }

  private firstBatch() {
    const { model, train } = this.options;
    return explained(0, () =>
      evaluateBatch(model, this.objectives, this.current, train, this.firstPositions()),
    );
  }

  private firstPositions(): Int32Array {
    const { train, batchSize } = this.options;
    return range(0, Math.min(batchSize, train.count));
  }
}

/** Adds to a failed solve where in the training it happened and what helps. */
function explained<T>(iteration: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
    throw new TrainingError(
      `training stopped at iteration ${iteration}: ${error.message}; a smaller learning rate or penalty weight keeps the field tame`,
    );
  }
}

function checkFinite(loss: number, iteration: number): void {
  if (Number.isFinite(loss)) return;
  throw new TrainingError(
    `training stopped at iteration ${iteration}: the loss is ${loss}; lower the learning rate or the penalty's weight`,
  );
}
