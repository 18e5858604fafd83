import type { NdArray } from "../../compiler/nd-array.js";
import { wasmTarget } from "../../compiler/targets/wasm/wasm-target.js";
import { range } from "../../data/image-batch.js";
import type { LabelledImages } from "../../data/labelled-images.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { Classifier } from "../../training/classifier.js";
import { type ProbedSolve, probeCosts } from "../probed-solves.js";
import type { ResultRow } from "../result-row.js";
import { mnistSdeNetwork } from "./mnist-sde-model.js";
import type { MnistSdePreset } from "./presets.js";

/** The solve that all rows have in common, and others of the same; all by sosri. */
const probes: readonly [ProbedSolve, ...ProbedSolve[]] = [
  { precision: "float64", tolerance: 0.14 },
  { precision: "float32", tolerance: 0.14 },
  { precision: "float64", tolerance: 0.05 },
  { precision: "float64", tolerance: 0.02 },
];

/** The first so many test images make the probe's one system. */
const probeImages = 512;

/**
 * What the solution of a trained network costs, measured the same way for every row.
 *
 * @throws SolveError when a solve fails; the signal's reason when it is aborted.
 */
export function probe(
  params: Readonly<Record<string, NdArray>>,
  network: Pick<MnistSdePreset, "width" | "hidden">,
  test: LabelledImages,
  signal?: AbortSignal,
): Promise<Pick<ResultRow, "nfeProbe" | "resolved">> {
  return probeCosts(probes, (solve) => costOf(params, network, test, solve), signal);
}

function costOf(
  params: Readonly<Record<string, NdArray>>,
  network: Pick<MnistSdePreset, "width" | "hidden">,
  test: LabelledImages,
  { precision, tolerance }: ProbedSolve,
): number {
  const model = mnistSdeNetwork(network, { target: wasmTarget({ precision }), tolerance, paths: 1 });
  const classifier = new Classifier(model, softmaxCrossEntropy, params);
  try {
    return classifier.measure(test, range(0, Math.min(probeImages, test.count))).nfe;
  } finally {
    classifier.dispose();
    model.dispose();
  }
}
