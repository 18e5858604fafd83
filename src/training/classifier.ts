import type { NdArray } from "../compiler/nd-array.js";
import type { NamedValues } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { LabelledImages } from "../data/labelled-images.js";
import type { Model } from "../models/model.js";
import type { Loss } from "../nn/losses.js";
import { type BatchMeasures, ClassifierBatches, putAll } from "./classifier-batches.js";

/** A trained classifier of digits: a model at certain parameters. The model itself remains the caller's. */
export class Classifier {
  private readonly scope: ValueScope;
  private readonly batches: ClassifierBatches;
  private readonly params: NamedValues;

  /** @throws RangeError when the model does not read images and write a number for each class. */
  constructor(model: Model, loss: Loss, params: Readonly<Record<string, NdArray>>) {
    this.batches = new ClassifierBatches(model, loss);
    this.scope = new ValueScope(model.target);
    this.params = putAll(params, model.target, this.scope);
  }

  /** What the images at the given positions show, as one batch. */
  measure(images: LabelledImages, positions: ArrayLike<number>): BatchMeasures {
    return this.batches.measure(this.params, images, positions);
  }

  /** Frees the parameters and gives back the programs; the model's own stay. */
  dispose(): void {
    this.scope.release();
    this.batches.dispose();
  }
}
