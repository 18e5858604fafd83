import type { Measure } from "../experiment.js";
import type { ResultRow } from "../result-row.js";

/** A run of spiral-ode; all counts are those of the one trajectory. */
export interface SpiralOdeRow extends ResultRow {
  /** Sum of squared differences from the true spiral at the points of the fit, by the training solver. */
  readonly loss: number;
  readonly accepted: number;
  readonly rejected: number;
  /** The trained model at the points of the fit. */
  readonly trajectory: { readonly t: readonly number[]; readonly u: readonly (readonly [number, number])[] };
  /** Its accepted steps by the training solver: where each starts, and how long it is. */
  readonly steps: { readonly t: readonly number[]; readonly h: readonly number[] };
}

/** What tables show of a run. */
export const spiralOdeMeasures: readonly Measure[] = [
  { field: "loss", title: "loss", comparison: "ratio" },
  { field: "nfe", title: "NFE", decimals: 1, comparison: "ratio" },
  { field: "nfeProbe", title: "NFE (probe)", decimals: 1, comparison: "ratio" },
  { field: "rejected", title: "rejected steps", decimals: 1 },
];
