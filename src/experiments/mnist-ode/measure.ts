import type { NdArray } from "../../compiler/nd-array.js";
import type { Digits } from "../../data/digits.js";
import { range } from "../../data/image-batch.js";
import type { Model } from "../../models/model.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { Classifier } from "../../training/classifier.js";
import { evaluateClassifier } from "../../training/evaluate.js";
import type { MnistOdeConfiguration } from "./configuration.js";
import type { MnistOdeRow } from "./mnist-ode-row.js";
import { probe } from "./probe.js";

/** What is measured on a trained model. */
export type MnistOdeMetrics = Pick<
  MnistOdeRow,
  "trainAccuracy" | "testAccuracy" | "nfe" | "nfeProbe" | "resolved"
>;

/**
 * Accuracy on both sets, and what the solution costs.
 *
 * @throws SolveError when a solve fails; the signal's reason when it is aborted.
 */
export async function measure(
  model: Model,
  params: Readonly<Record<string, NdArray>>,
  { train, test }: Digits,
  { method, hidden, batchSize }: MnistOdeConfiguration,
  signal?: AbortSignal,
): Promise<MnistOdeMetrics> {
  const classifier = new Classifier(model, softmaxCrossEntropy, params);
  try {
    const { nfe } = classifier.measure(train, range(0, Math.min(batchSize, train.count)));
    const onTest = await evaluateClassifier(classifier, test, { signal });
    const onTrain = await evaluateClassifier(classifier, train, { signal });
    const cost =
      method === "linear" ? { nfeProbe: 0, resolved: [] } : await probe(params, hidden, test, signal);
    return { trainAccuracy: onTrain.accuracy, testAccuracy: onTest.accuracy, nfe, ...cost };
  } finally {
    classifier.dispose();
  }
}
