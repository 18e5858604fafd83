import type { Precision } from "../../compiler/targets/target.js";

/** What is trained: the head alone, the neural ODE, or the neural ODE with an error penalty. */
export type MnistOdeMethod = "linear" | "vanilla" | "ernode";

/** Every choice of a run, apart from method and seed. */
export interface MnistOdePreset {
  /** Which digits, and how many of them at most. */
  readonly digits: "mnist" | "embedded";
  readonly limit?: { readonly train: number; readonly test: number };
  /** Width of the field's hidden layer. */
  readonly hidden: number;
  readonly precision: Precision;
  /** Both tolerances of the training solver. */
  readonly tolerance: number;
  readonly controller: "I" | "PI";
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** Inverse decay of the gradient, per iteration. */
  readonly decay: number;
  /** Weight of the error penalty at the start and at the end, for the method ernode. */
  readonly weight: { readonly from: number; readonly to: number };
  readonly annealing: "iteration" | "epoch";
}

/** A run of the experiment, complete. */
export interface MnistOdeConfiguration extends MnistOdePreset {
  readonly method: MnistOdeMethod;
  readonly seed: number;
}
