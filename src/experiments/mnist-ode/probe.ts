import type { NdArray } from "../../compiler/nd-array.js";
import { range } from "../../data/image-batch.js";
import type { LabelledImages } from "../../data/labelled-images.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { Classifier } from "../../training/classifier.js";
import { commonProbe, otherProbes, type ProbedSolve, probeCosts } from "../probed-solves.js";
import type { ResultRow } from "../result-row.js";
import { mnistNetwork } from "./mnist-model.js";

/** The first so many test images make the probe's one system. */
const probeImages = 512;

/**
 * What the solution of a trained network costs, measured the same way for every row.
 *
 * @throws SolveError when a solve fails; the signal's reason when it is aborted.
 */
export function probe(
  params: Readonly<Record<string, NdArray>>,
  hidden: number,
  test: LabelledImages,
  signal?: AbortSignal,
): Promise<Pick<ResultRow, "nfeProbe" | "resolved">> {
  return probeCosts([commonProbe, ...otherProbes], (solve) => costOf(params, hidden, test, solve), signal);
}

function costOf(
  params: Readonly<Record<string, NdArray>>,
  hidden: number,
  test: LabelledImages,
  { precision, tolerance }: ProbedSolve,
): number {
  const model = mnistNetwork(hidden, { precision, rtol: tolerance, atol: tolerance });
  const classifier = new Classifier(model, softmaxCrossEntropy, params);
  try {
    return classifier.measure(test, range(0, Math.min(probeImages, test.count))).nfe;
  } finally {
    classifier.dispose();
    model.dispose();
  }
}
