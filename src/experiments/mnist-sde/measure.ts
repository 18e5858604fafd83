import type { NdArray } from "../../compiler/nd-array.js";
import type { Target } from "../../compiler/targets/target.js";
import type { Digits } from "../../data/digits.js";
import { range } from "../../data/image-batch.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { Classifier } from "../../training/classifier.js";
import { evaluateClassifier } from "../../training/evaluate.js";
import type { MnistSdeConfiguration } from "./configuration.js";
import { mnistSdeMethods } from "./methods.js";
import { mnistSdeNetwork } from "./mnist-sde-model.js";
import type { MnistSdeRow } from "./mnist-sde-row.js";
import { probe } from "./probe.js";

/** What is measured on a trained model. */
export interface MnistSdeMetrics {
  readonly metrics: Pick<MnistSdeRow, "trainAccuracy" | "testAccuracy" | "nfe" | "nfeProbe" | "resolved">;
  /** Seconds of one prediction for a batch with all its paths. */
  readonly predictionSeconds: number;
}

/**
 * Accuracy on both sets by logits averaged over paths, and what the solution costs.
 *
 * @throws SolveError when a solve fails; the signal's reason when it is aborted.
 */
export async function measure(
  target: Target,
  params: Readonly<Record<string, NdArray>>,
  { train, test }: Digits,
  configuration: MnistSdeConfiguration,
  signal?: AbortSignal,
): Promise<MnistSdeMetrics> {
  const { method, tolerance, paths, batchSize } = configuration;
  const solver = mnistSdeMethods[method].solver;
  const model = mnistSdeNetwork(configuration, { target, tolerance, paths, method: solver });
  const classifier = new Classifier(model, softmaxCrossEntropy, params);
  try {
    const onTest = await evaluateClassifier(classifier, test, { batchSize, signal });
    const onTrain = await evaluateClassifier(classifier, train, { batchSize, signal });
    const begin = performance.now();
    const { nfe } = classifier.measure(train, range(0, Math.min(batchSize, train.count)));
    const predictionSeconds = (performance.now() - begin) / 1000;
    const cost = await probe(params, configuration, test, signal);
    return {
      metrics: { trainAccuracy: onTrain.accuracy, testAccuracy: onTest.accuracy, nfe, ...cost },
      predictionSeconds,
    };
  } finally {
    classifier.dispose();
    model.dispose();
  }
}
