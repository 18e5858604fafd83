import type { Precision } from "../../compiler/targets/target.js";

/** Every choice of a run, apart from method, weight and seed. */
export interface MnistSdePreset {
  /** Which digits, and how many of them at most. */
  readonly digits: "mnist" | "embedded";
  readonly limit?: { readonly train: number; readonly test: number };
  /** Length of a state row. */
  readonly width: number;
  /** Width of the drift's hidden layer. */
  readonly hidden: number;
  readonly precision: Precision;
  /** Where the model is trained: with products of 32 columns it is several times as fast as onnxruntime. */
  readonly target: "wasm";
  /** Both tolerances. */
  readonly tolerance: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Inverse decay of the gradient, per iteration, to which Adam's step is all but blind. */
  readonly decay: number;
  /** Paths over which the logits are averaged at evaluation; training goes along one. */
  readonly paths: number;
}

/** As Pal et al. (ICML 2021) ran it, by their code, but for the precision. */
const full: MnistSdePreset = {
  digits: "mnist",
  width: 32,
  hidden: 64,
  precision: "float64",
  target: "wasm",
  tolerance: 0.14,
  batchSize: 512,
  epochs: 40,
  learningRate: 0.01,
  decay: 1e-5,
  paths: 10,
};

/** Named configurations of the experiment, each complete. */
export const mnistSdePresets = {
  /** Seconds: shows that everything works, not what it is worth. */
  smoke: {
    ...full,
    digits: "embedded",
    limit: { train: 512, test: 256 },
    width: 8,
    hidden: 16,
    batchSize: 64,
    epochs: 2,
    paths: 3,
  },
  /** Under a minute for a training: half of the embedded digits. */
  quick: { ...full, digits: "embedded", limit: { train: 4000, test: 1000 }, batchSize: 128, epochs: 4 },
  /** All of MNIST in double precision. */
  full,
  /** The same in single precision, as published; with these tolerances rounding is of no account. */
  published: { ...full, precision: "float32" },
} as const satisfies Record<string, MnistSdePreset>;

/** The name of a preset. */
export type MnistSdePresetName = keyof typeof mnistSdePresets;
