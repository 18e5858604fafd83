import { range } from "../data/image-batch.js";
import type { LabelledImages } from "../data/labelled-images.js";
import type { Classifier } from "./classifier.js";

/** How well a classifier does on a set, and at what cost. */
export interface ClassifierEvaluation {
  /** Fraction of images classified rightly. */
  readonly accuracy: number;
  /** Mean loss per image. */
  readonly loss: number;
  /** Function evaluations per batch, mean over batches; 0 without a solver. */
  readonly nfe: number;
}

/** How an evaluation proceeds. */
export interface EvaluationOptions {
  /** Images in a batch: each batch is one system with one step size. @defaultValue 512 */
  readonly batchSize?: number;
  /** Stops the evaluation between two batches. */
  readonly signal?: AbortSignal;
}

/**
 * Classifies images in the order of the set, batch by batch; yields to the event loop between batches.
 *
 * @throws SolveError when a solve fails; the signal's reason when it is aborted.
 */
export async function evaluateClassifier(
  classifier: Pick<Classifier, "measure">,
  images: LabelledImages,
  { batchSize = 512, signal }: EvaluationOptions = {},
): Promise<ClassifierEvaluation> {
  let correct = 0;
  let loss = 0;
  let nfe = 0;
  let batches = 0;
  for (let start = 0; start < images.count; start += batchSize) {
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    const positions = range(start, Math.min(start + batchSize, images.count));
    const batch = classifier.measure(images, positions);
    correct += batch.correct;
    loss += batch.loss * positions.length;
    nfe += batch.nfe;
    batches++;
  }
  return { accuracy: correct / images.count, loss: loss / images.count, nfe: nfe / batches };
}
