import type { NdArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import type { Shape } from "../compiler/shape.js";
import type { NamedValues, Target } from "../compiler/targets/target.js";
import { epochBatches } from "../data/batches.js";
import { range } from "../data/image-batch.js";
import type { LabelledImages } from "../data/labelled-images.js";
import type { Model } from "../models/model.js";
import type { Loss } from "../nn/losses.js";
import { ClassifierBatches } from "./classifier-batches.js";
import { evaluateClassifier } from "./evaluate.js";
import { requireFinite } from "./not-finite-error.js";
import type { Evaluation, EvaluationContext, Iteration, Measures, Task, TaskStep } from "./task.js";

/** A classifier and the images that it is trained on. */
export interface ClassifierTaskOptions {
  readonly model: Model;
  readonly train: LabelledImages;
  /** Images on which the accuracy is followed. */
  readonly validation: LabelledImages;
  readonly loss: Loss;
  readonly batchSize: number;
  /** What else each evaluation measures of the parameters, which stay the task's. @defaultValue nothing */
  readonly alsoMeasure?: (params: NamedValues) => Measures;
}

/**
 * Classification by mini-batches, each epoch over all images in a new order. An evaluation has the `accuracy` on the
 * validation images, and the `nfe` of the first batch of the training set, in file order.
 */
export class ClassifierTask implements Task {
  readonly target: Target;
  readonly params: Readonly<Record<string, Shape>>;
  readonly iterationsPerEpoch: number;
  private readonly batches: ClassifierBatches;
  private shuffled: { readonly epoch: number; readonly batches: readonly Int32Array[] } | undefined;

  constructor(private readonly options: ClassifierTaskOptions) {
    const { model, loss, train, batchSize } = options;
    this.target = model.target;
    this.params = model.params;
    this.iterationsPerEpoch = Math.ceil(train.count / batchSize);
    this.batches = new ClassifierBatches(model, loss);
  }

  initialise(random: Random): Readonly<Record<string, NdArray>> {
    return this.options.model.initialise(random);
  }

  step(params: NamedValues, iteration: Iteration): TaskStep {
    return this.batches.run(params, this.options.train, this.positionsOf(iteration), iteration.context);
  }

  async evaluate(params: NamedValues, { random, signal }: EvaluationContext): Promise<Evaluation> {
    const { train, validation, batchSize, alsoMeasure } = this.options;
    const measure = (images: LabelledImages, positions: ArrayLike<number>) =>
      this.batches.measure(params, images, positions, random);
    const { accuracy, loss } = await evaluateClassifier({ measure }, validation, { signal });
    requireFinite("validation loss", loss);
    const { nfe } = measure(train, range(0, Math.min(batchSize, train.count)));
    return { ...alsoMeasure?.(params), accuracy, nfe };
  }

  /** Gives back the programs; the model's own stay. */
  dispose(): void {
    this.batches.dispose();
  }

  private positionsOf({ epoch, place, epochRandom }: Iteration): Int32Array {
    const { train, batchSize } = this.options;
    if (this.shuffled?.epoch !== epoch) {
      this.shuffled = { epoch, batches: [...epochBatches(train.count, batchSize, epochRandom)] };
    }
    return this.shuffled.batches[place];
  }
}
