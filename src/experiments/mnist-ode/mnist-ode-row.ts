import type { Measure } from "../experiment.js";
import type { ResultRow } from "../result-row.js";

/**
 * A run of mnist-ode. `nfe` is that of the first batch of the training set, in file order; `nfeProbe` and `resolved` are
 * those of the first 512 test images.
 */
export interface MnistOdeRow extends ResultRow {
  /** Fractions of images classified rightly. */
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
}

/** What tables show of a run. */
export const mnistOdeMeasures: readonly Measure[] = [
  { field: "testAccuracy", title: "test accuracy %", factor: 100, decimals: 2, comparison: "difference" },
  { field: "trainAccuracy", title: "train accuracy %", factor: 100, decimals: 2 },
  { field: "nfe", title: "NFE", decimals: 1, comparison: "ratio" },
  { field: "nfeProbe", title: "NFE (probe)", decimals: 1, comparison: "ratio" },
];
