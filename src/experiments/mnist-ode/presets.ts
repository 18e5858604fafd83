import type { Precision } from "../../compiler/targets/target.js";

/** Every choice of a run, apart from method, weight and seed. */
export interface MnistOdePreset {
  /** Which digits, and how many of them at most. */
  readonly digits: "mnist" | "embedded";
  readonly limit?: { readonly train: number; readonly test: number };
  /** Width of the field's hidden layer. */
  readonly hidden: number;
  readonly precision: Precision;
  /** Where the model is trained, on all processors. */
  readonly target: "onnx" | "wasm";
  /** Both tolerances of the training solver. */
  readonly tolerance: number;
  readonly controller: "I" | "PI";
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** Inverse decay of the gradient, per iteration. */
  readonly decay: number;
  readonly annealing: "iteration" | "epoch";
}

/**
 * Float64 at 1e-8 with the integral controller: the error estimate is real there, and a weight of about 1 halves the cost
 * at equal accuracy.
 */
const quick: MnistOdePreset = {
  digits: "embedded",
  hidden: 100,
  precision: "float64",
  target: "onnx",
  tolerance: 1e-8,
  controller: "I",
  batchSize: 128,
  epochs: 3,
  learningRate: 0.1,
  momentum: 0.9,
  decay: 1e-5,
  annealing: "iteration",
};

/** Named configurations of the experiment, each complete. */
export const mnistOdePresets = {
  /** Seconds: shows that everything works, not what it is worth. */
  smoke: {
    ...quick,
    limit: { train: 512, test: 256 },
    hidden: 16,
    tolerance: 1e-6,
    batchSize: 64,
    epochs: 2,
  },
  /** Under a minute for a training: the 10,000 embedded digits. */
  quick,
  /** The same on all of MNIST. */
  full: { ...quick, digits: "mnist" },
  /**
   * As Pal et al. (ICML 2021) ran it, by their code: float32 at 1.4e-8, where the error estimate is mostly rounding, the
   * PI controller, a weight that is constant within an epoch.
   */
  published: {
    ...quick,
    digits: "mnist",
    precision: "float32",
    tolerance: 1.4e-8,
    controller: "PI",
    batchSize: 512,
    epochs: 75,
    annealing: "epoch",
  },
} as const satisfies Record<string, MnistOdePreset>;

/** The name of a preset. */
export type MnistOdePresetName = keyof typeof mnistOdePresets;
