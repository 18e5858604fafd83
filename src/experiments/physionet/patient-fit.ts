import { array, type NdArray } from "../../compiler/nd-array.js";
import type { Random } from "../../compiler/random.js";
import type { Shape } from "../../compiler/shape.js";
import type { NamedValues, Target } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { epochBatches } from "../../data/batches.js";
import { range } from "../../data/image-batch.js";
import type { PatientRecords } from "../../data/physionet/patient-records.js";
import { type Block, evaluation, type ForwardContext } from "../../models/block.js";
import { inputsName, type Model } from "../../models/model.js";
import { Objective } from "../../models/objective.js";
import { requireFinite } from "../../training/not-finite-error.js";
import { objectiveStep } from "../../training/objective-step.js";
import type { Evaluation, EvaluationContext, Iteration, Task, TaskStep } from "../../training/task.js";
import { recordBatch } from "./record-batch.js";
import { divergenceWeightName, recordLossBlock, squaredErrorName } from "./record-loss.js";

/** What is fitted to what. */
export interface PatientFitOptions {
  readonly model: Model;
  readonly train: PatientRecords;
  /** Held-out records on which the loss is followed. */
  readonly validation: PatientRecords;
  readonly batchSize: number;
  /** Epochs in which the divergence does not count. */
  readonly reconstructionEpochs: number;
}

/** What a batch shows, without penalties. */
interface BatchMeasures {
  /** Mean over the observations of a record, then over records. */
  readonly squaredError: number;
  /** Function evaluations. */
  readonly nfe: number;
}

/**
 * A latent ODE fitted to records by mini-batches, each epoch over all of them in a new order. The divergence's weight is
 * 1 - 0.99^n in the n-th epoch after those in which it does not count (Kelly et al., NeurIPS 2020, code). An evaluation has
 * the squared errors `trainLoss` of the first batch of the training records and `testLoss` of the validation records, and the
 * `nfe` of that batch. The model remains the caller's.
 */
export class PatientFit implements Task {
  readonly target: Target;
  readonly params: Readonly<Record<string, Shape>>;
  readonly iterationsPerEpoch: number;
  private readonly objectives = new Map<number, { readonly objective: Objective; readonly loss: Block }>();
  private shuffled: { readonly epoch: number; readonly batches: readonly Int32Array[] } | undefined;

  constructor(private readonly options: PatientFitOptions) {
    const { model, train, batchSize } = options;
    this.target = model.target;
    this.params = model.params;
    this.iterationsPerEpoch = Math.ceil(train.count / batchSize);
  }

  initialise(random: Random): Readonly<Record<string, NdArray>> {
    return this.options.model.initialise(random);
  }

  step(params: NamedValues, iteration: Iteration): TaskStep {
    const { reconstructionEpochs, train } = this.options;
    const divergenceWeight = 1 - 0.99 ** Math.max(0, iteration.epoch - reconstructionEpochs);
    return this.run(params, train, this.positionsOf(iteration), iteration.context, divergenceWeight);
  }

  async evaluate(params: NamedValues, { random, signal }: EvaluationContext): Promise<Evaluation> {
    const testLoss = await this.squaredError(params, this.options.validation, random, signal);
    requireFinite("validation loss", testLoss);
    const { squaredError: trainLoss, nfe } = this.firstBatch(params, random);
    return { trainLoss, testLoss, nfe };
  }

  /**
   * Mean over all records of the squared error of a record's observations, batch by batch; yields to the event loop between
   * batches.
   *
   * @throws SolveError when a solve fails; the signal's reason when it is aborted.
   */
  async squaredError(
    params: NamedValues,
    records: PatientRecords,
    random: Random,
    signal?: AbortSignal,
  ): Promise<number> {
    const { batchSize } = this.options;
    let sum = 0;
    for (let start = 0; start < records.count; start += batchSize) {
      await new Promise(setImmediate);
      signal?.throwIfAborted();
      const positions = range(start, Math.min(start + batchSize, records.count));
      const { squaredError } = this.measure(params, records, positions, random.split(`from ${start}`));
      sum += positions.length * squaredError;
    }
    return sum / records.count;
  }

  /** What the first batch of the training records shows. */
  firstBatch(params: NamedValues, random: Random): BatchMeasures {
    const { train, batchSize } = this.options;
    return this.measure(params, train, range(0, Math.min(batchSize, train.count)), random);
  }

  /** Gives back the programs; the model's own stay. */
  dispose(): void {
    for (const { objective, loss } of this.objectives.values()) {
      objective.dispose();
      loss.dispose();
    }
    this.objectives.clear();
  }

  private measure(
    params: NamedValues,
    records: PatientRecords,
    positions: ArrayLike<number>,
    random: Random,
  ): BatchMeasures {
    const step = this.run(params, records, positions, { ...evaluation, random });
    step.release();
    return { squaredError: step.measures.squaredError, nfe: step.nfe };
  }

  private run(
    params: NamedValues,
    records: PatientRecords,
    positions: ArrayLike<number>,
    context: ForwardContext,
    divergenceWeight = 0,
  ): TaskStep {
    const { target } = this;
    const scope = new ValueScope(target);
    try {
      const [inputs, weight] = scope.put([recordBatch(records, positions), array(divergenceWeight)]);
      const read = { ...params, [inputsName]: inputs, [divergenceWeightName]: weight };
      const value = this.objective(positions.length).evaluate(read, context);
      const squaredError = target.get(value.values[squaredErrorName]).data[0];
      const step = objectiveStep(value, Object.keys(this.params), { squaredError });
      return {
        ...step,
        release: () => {
          step.release();
          scope.release();
        },
      };
    } catch (error) {
      scope.release();
      throw error;
    }
  }

  private objective(batch: number): Objective {
    const known = this.objectives.get(batch);
    if (known) return known.objective;
    const { model, train } = this.options;
    const loss = recordLossBlock(train.times.length, batch, model.outputs, model.target);
    const objective = new Objective([...model.blocks(batch), loss], model.target);
    this.objectives.set(batch, { objective, loss });
    return objective;
  }

  private positionsOf({ epoch, place, epochRandom }: Iteration): Int32Array {
    const { train, batchSize } = this.options;
    if (this.shuffled?.epoch !== epoch) {
      this.shuffled = { epoch, batches: [...epochBatches(train.count, batchSize, epochRandom)] };
    }
    return this.shuffled.batches[place];
  }
}
