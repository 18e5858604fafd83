import type { NdArray } from "../../compiler/nd-array.js";
import type { Precision } from "../../compiler/targets/target.js";
import { range } from "../../data/image-batch.js";
import type { LabelledImages } from "../../data/labelled-images.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { Classifier } from "../../training/classifier.js";
import type { Resolved, ResultRow } from "../result-row.js";
import { mnistNetwork } from "./mnist-model.js";

/** The first so many test images make the probe's one system. */
const probeImages = 512;

/** A solve by tsit5 with the integral controller. */
interface ProbedSolve {
  readonly precision: Precision;
  /** Both tolerances. */
  readonly tolerance: number;
}

/** The solve that all rows have in common. */
const commonProbe: ProbedSolve = { precision: "float64", tolerance: 1e-8 };

/** Other solves of the same images: in single precision, from below its resolution to where it is as good as double. */
const otherProbes: readonly ProbedSolve[] = [
  { precision: "float32", tolerance: 1.4e-8 },
  { precision: "float32", tolerance: 1e-6 },
  { precision: "float32", tolerance: 1e-5 },
];

/**
 * What the solution of a trained network costs, measured the same way for every row.
 *
 * @throws SolveError when a solve fails; the signal's reason when it is aborted.
 */
export async function probe(
  params: Readonly<Record<string, NdArray>>,
  hidden: number,
  test: LabelledImages,
  signal?: AbortSignal,
): Promise<Pick<ResultRow, "nfeProbe" | "resolved">> {
  const resolved: Resolved[] = [];
  for (const solve of [commonProbe, ...otherProbes]) {
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    resolved.push({ ...solve, nfe: costOf(params, hidden, test, solve) });
  }
  const [common, ...others] = resolved;
  return { nfeProbe: common.nfe, resolved: others };
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
