import type { NdArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import type { NamedValues, Target } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import { digitClasses, imageBatch } from "../data/image-batch.js";
import { type LabelledImages, pixelsPerImage } from "../data/labelled-images.js";
import { evaluation, type ForwardContext } from "../models/block.js";
import { inputsName, type Model } from "../models/model.js";
import type { Loss } from "../nn/losses.js";
import { ClassifierObjectives, correctName, targetsName } from "./classifier-objective.js";
import { objectiveStep } from "./objective-step.js";
import type { TaskStep } from "./task.js";

/** What one batch shows of a classifier. */
export interface BatchMeasures extends Pick<TaskStep, "loss" | "penalty" | "nfe"> {
  /** Number of images classified rightly. */
  readonly correct: number;
}

/** A batch's forward pass; it measures `accuracy`. */
export interface ClassifierStep extends TaskStep, BatchMeasures {}

/** Runs a classifier of digits on batches of images. The model remains the caller's. */
export class ClassifierBatches {
  private readonly objectives: ClassifierObjectives;

  /** @throws RangeError when the model does not read images and write a number for each class. */
  constructor(
    readonly model: Model,
    loss: Loss,
  ) {
    const { features, outputs } = model;
    if (features !== pixelsPerImage || outputs !== digitClasses) {
      throw new RangeError(
        `a classifier of digits needs a model of ${pixelsPerImage} features and ${digitClasses} outputs, ` +
          `got ${features} and ${outputs}`,
      );
    }
    this.objectives = new ClassifierObjectives(model, loss);
  }

  /** The images at the given positions as one batch, at these parameters. */
  run(
    params: NamedValues,
    images: LabelledImages,
    positions: ArrayLike<number>,
    context: ForwardContext,
  ): ClassifierStep {
    const { target, params: shapes } = this.model;
    const scope = new ValueScope(target);
    try {
      const { inputs, targets } = imageBatch(images, positions);
      const read = putAll({ [inputsName]: inputs, [targetsName]: targets }, target, scope);
      const value = this.objectives.get(positions.length).evaluate({ ...params, ...read }, context);
      const correct = target.get(value.values[correctName]).data[0];
      const step = objectiveStep(value, Object.keys(shapes), { accuracy: correct / positions.length });
      return {
        ...step,
        correct,
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

  /** What the images at the given positions show as one batch, at these parameters, without penalties. */
  measure(
    params: NamedValues,
    images: LabelledImages,
    positions: ArrayLike<number>,
    random: Random = evaluation.random,
  ): BatchMeasures {
    const step = this.run(params, images, positions, { ...evaluation, random });
    step.release();
    const { loss, penalty, nfe, correct } = step;
    return { loss, penalty, nfe, correct };
  }

  /** Gives back the programs; the model's own stay. */
  dispose(): void {
    this.objectives.dispose();
  }
}

/** Copies arrays to the target, where they are a scope's. */
export function putAll(
  arrays: Readonly<Record<string, NdArray>>,
  target: Target,
  scope: ValueScope,
): NamedValues {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, scope.own([target.put(array)])[0]]),
  );
}
