import type { Measure } from "../experiment.js";
import type { ResultRow } from "../result-row.js";
import type { SpiralSdeSolver } from "./presets.js";

/** Means and variances at the times of the fit, of both components. */
export interface RowMoments {
  readonly means: readonly (readonly [number, number])[];
  readonly variances: readonly (readonly [number, number])[];
}

/**
 * A run of spiral-sde. `loss`, `nfe`, `nfeProbe`, `accepted` and `rejected` are means over draws of as many paths as an
 * iteration has, with noise that is the same for all rows; evaluations are those of the drift, the diffusion has as many.
 */
export interface SpiralSdeRow extends ResultRow {
  readonly solver: SpiralSdeSolver;
  /** Mean squared difference of the means, and of the variances, from those of the data. */
  readonly loss: number;
  /** The same over many paths, where it is less a matter of luck. */
  readonly lossOfMany: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly times: readonly number[];
  /** What the model was fitted to. */
  readonly data: RowMoments;
  /** Of the trained model, over many paths. */
  readonly moments: RowMoments;
  /** A few of its paths, at the times of the fit. */
  readonly paths: readonly (readonly (readonly [number, number])[])[];
  readonly timing: ResultRow["timing"] & {
    /** Of one solve of as many paths as an iteration has, the mean over the draws. */
    readonly predictSeconds: number;
  };
}

/** What tables show of a run. */
export const spiralSdeMeasures: readonly Measure[] = [
  { field: "loss", title: "loss", decimals: 4, comparison: "ratio" },
  { field: "lossOfMany", title: "loss, many paths", decimals: 4, comparison: "ratio" },
  { field: "nfe", title: "NFE", decimals: 1, comparison: "ratio" },
  { field: "nfeProbe", title: "NFE (probe)", decimals: 1, comparison: "ratio" },
  { field: "rejected", title: "rejected steps", decimals: 1 },
];
