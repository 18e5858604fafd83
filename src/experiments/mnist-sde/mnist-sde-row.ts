import type { Measure } from "../experiment.js";
import type { ResultRow } from "../result-row.js";

/**
 * A run of mnist-sde; evaluations are those of the drift. `nfe` is that of the first batch of the training set, in file order,
 * with all its paths as one system, by the solver that trained; `nfeProbe` and `resolved` are those of sosri for the first 512
 * test images along one path.
 */
export interface MnistSdeRow extends ResultRow {
  /** Fractions of images classified rightly by logits averaged over the paths; each batch goes along the same paths. */
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  /** Beside the training's, seconds of one prediction for the batch of `nfe`. */
  readonly timing: ResultRow["timing"] & { readonly predictionSeconds: number };
}

/** What tables show of a run. */
export const mnistSdeMeasures: readonly Measure[] = [
  { field: "testAccuracy", title: "test accuracy %", factor: 100, decimals: 2, comparison: "difference" },
  { field: "trainAccuracy", title: "train accuracy %", factor: 100, decimals: 2 },
  { field: "nfe", title: "NFE", decimals: 1, comparison: "ratio" },
  { field: "nfeProbe", title: "NFE (probe)", decimals: 1, comparison: "ratio" },
];
