import type { NamedValues } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import { imageBatch, range } from "../data/image-batch.js";
import type { LabelledImages } from "../data/labelled-images.js";
import { evaluation } from "../models/block.js";
import { inputsName, type Model } from "../models/model.js";
import { type ClassifierObjectives, correctName, targetsName } from "./classifier-objective.js";

/** How well a classifier does on a set, and at what cost. */
export interface Evaluation {
  /** Fraction of images classified rightly. */
  readonly accuracy: number;
  /** Mean loss per image. */
  readonly loss: number;
  /** Function evaluations per batch, mean over batches; 0 without a solver. */
  readonly nfe: number;
}

/** Images in a batch of an evaluation: each batch is one system with one step size. */
export const evaluationBatch = 512;

/** Classifies images in the order of the set, batch by batch; yields to the event loop between batches. */
export async function evaluateClassifier(
  model: Model,
  objectives: ClassifierObjectives,
  params: NamedValues,
  set: LabelledImages,
  { batchSize = evaluationBatch, signal }: { batchSize?: number; signal?: AbortSignal } = {},
): Promise<Evaluation> {
  let correct = 0;
  let loss = 0;
  let nfe = 0;
  let batches = 0;
  for (let start = 0; start < set.count; start += batchSize) {
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    const positions = range(start, Math.min(start + batchSize, set.count));
    const batch = evaluateBatch(model, objectives, params, set, positions);
    correct += batch.correct;
    loss += batch.loss * positions.length;
    nfe += batch.nfe;
    batches++;
  }
  return { accuracy: correct / set.count, loss: loss / set.count, nfe: nfe / batches };
}

/** One batch: its mean loss, number of rightly classified images, and function evaluations. */
export function evaluateBatch(
  model: Model,
  objectives: ClassifierObjectives,
  params: NamedValues,
  set: LabelledImages,
  positions: ArrayLike<number>,
): { loss: number; correct: number; nfe: number } {
  const { target } = model;
  const scope = new ValueScope(target);
  const { inputs, targets } = imageBatch(set, positions);
  const read = { [inputsName]: target.put(inputs), [targetsName]: target.put(targets) };
  scope.own(Object.values(read));
  try {
    const value = objectives.get(positions.length).evaluate({ ...params, ...read }, evaluation);
    const correct = target.get(value.values[correctName]).data[0];
    const nfe = value.runs.reduce((sum, run) => sum + (run.solve?.stats.nfe.total ?? 0), 0);
    value.release();
    return { loss: value.loss, correct, nfe };
  } finally {
    scope.release();
  }
}
