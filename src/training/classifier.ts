import type { NdArray } from "../compiler/nd-array.js";
import type { NamedValues, Target } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import { digitClasses, imageBatch } from "../data/image-batch.js";
import { type LabelledImages, pixelsPerImage } from "../data/labelled-images.js";
import { evaluation, type ForwardContext } from "../models/block.js";
import { inputsName, type Model } from "../models/model.js";
import type { ObjectiveValue } from "../models/objective.js";
import type { Loss } from "../nn/losses.js";
import { ClassifierObjectives, correctName, targetsName } from "./classifier-objective.js";

/** What one batch shows of a classifier. */
export interface BatchMeasures {
  /** Mean loss of the batch, without penalties. */
  readonly loss: number;
  /** Weighted penalties. */
  readonly penalty: number;
  /** Number of images classified rightly. */
  readonly correct: number;
  /** Function evaluations of the batch's solve; 0 without a solver. */
  readonly nfe: number;
}

/** A model at certain parameters, which stay with its target. The model itself remains the caller's. */
export class Classifier {
  private readonly scope: ValueScope;
  private readonly objectives: ClassifierObjectives;
  private current: NamedValues = {};

  /** @throws RangeError when the model does not read images and write a number for each class. */
  constructor(
    readonly model: Model,
    loss: Loss,
    params: Readonly<Record<string, NdArray>>,
  ) {
    const { features, outputs } = model;
    if (features !== pixelsPerImage || outputs !== digitClasses) {
      throw new RangeError(
        `a classifier of digits needs a model of ${pixelsPerImage} features and ${digitClasses} outputs, ` +
          `got ${features} and ${outputs}`,
      );
    }
    this.scope = new ValueScope(model.target);
    this.objectives = new ClassifierObjectives(model, loss);
    this.current = putAll(params, model.target, this.scope);
  }

  /** The parameters on the target. They stay the classifier's. */
  get values(): NamedValues {
    return this.current;
  }

  /** Takes new parameters over, and frees the earlier ones. */
  replace(values: NamedValues): void {
    this.scope.own(Object.values(values));
    this.scope.free(Object.values(this.current));
    this.current = values;
  }

  /** The parameters, copied to the host. */
  params(): Record<string, NdArray> {
    const { target } = this.model;
    return Object.fromEntries(Object.entries(this.current).map(([name, value]) => [name, target.get(value)]));
  }

  /** Runs the images at the given positions as one batch, and frees what that took once `look` has seen it. */
  run<T>(
    images: LabelledImages,
    positions: ArrayLike<number>,
    context: ForwardContext,
    look: (value: ObjectiveValue, measures: BatchMeasures) => T,
  ): T {
    const { target } = this.model;
    const scope = new ValueScope(target);
    try {
      const { inputs, targets } = imageBatch(images, positions);
      const read = putAll({ [inputsName]: inputs, [targetsName]: targets }, target, scope);
      const value = this.objectives.get(positions.length).evaluate({ ...this.current, ...read }, context);
      try {
        return look(value, measuresOf(value, target));
      } finally {
        value.release();
      }
    } finally {
      scope.release();
    }
  }

  /** What the images at the given positions show, as one batch. */
  measure(images: LabelledImages, positions: ArrayLike<number>): BatchMeasures {
    return this.run(images, positions, evaluation, (_, measures) => measures);
  }

  /** Frees the parameters and gives back the programs; the model's own stay. */
  dispose(): void {
    this.scope.release();
    this.objectives.dispose();
  }
}

function measuresOf({ loss, penalty, values, runs }: ObjectiveValue, target: Target): BatchMeasures {
  return {
    loss,
    penalty,
    correct: target.get(values[correctName]).data[0],
    nfe: runs.reduce((sum, { solve }) => sum + (solve?.stats.nfe.total ?? 0), 0),
  };
}

function putAll(arrays: Readonly<Record<string, NdArray>>, target: Target, scope: ValueScope): NamedValues {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, scope.own([target.put(array)])[0]]),
  );
}
