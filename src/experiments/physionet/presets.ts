import type { Precision } from "../../compiler/targets/target.js";

/** Every choice of a run, apart from method, weight and seed. */
export interface PhysionetPreset {
  /** Which records, and how many of them; a fifth of them are held out. */
  readonly records: "physionet2012" | "generated";
  readonly limit: number;
  /** Length of the latent state. */
  readonly latent: number;
  /** Width of the field's hidden layers. */
  readonly hidden: number;
  /** Length of each half of the recognition network's state, and width of the layer from there to the latent state. */
  readonly recognition: number;
  /** Width of the hidden layers in the recognition network. */
  readonly recognitionHidden: number;
  readonly precision: Precision;
  readonly target: "wasm" | "onnx";
  /** Both tolerances of the training solver. */
  readonly tolerance: number;
  readonly controller: "I" | "PI";
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Inverse decay of the gradient, per iteration. */
  readonly decay: number;
  /** Epochs in which the divergence does not count; then its weight is 1 - 0.99^(epochs since). */
  readonly reconstructionEpochs: number;
  readonly annealing: "iteration" | "epoch";
}

/**
 * The networks and the training in the code of Pal et al. (ICML 2021), in float64 at a tolerance where the error estimate is
 * real.
 */
const full: PhysionetPreset = {
  records: "physionet2012",
  // as many as were kept there of the 8,000: 5,120 to train on, 1,280 held out
  limit: 6400,
  latent: 20,
  hidden: 50,
  recognition: 50,
  recognitionHidden: 40,
  precision: "float64",
  target: "wasm",
  tolerance: 1e-8,
  controller: "I",
  batchSize: 512,
  epochs: 60,
  learningRate: 0.01,
  decay: 1e-5,
  reconstructionEpochs: 10,
  annealing: "epoch",
};

/** Named configurations of the experiment, each complete. */
export const physionetPresets = {
  /** Seconds: shows that everything works, not what it is worth. */
  smoke: {
    ...full,
    records: "generated",
    limit: 160,
    latent: 4,
    hidden: 8,
    recognition: 6,
    recognitionHidden: 6,
    tolerance: 1e-4,
    batchSize: 32,
    epochs: 2,
    reconstructionEpochs: 1,
  },
  /** Half a minute: generated records, narrower networks and a looser tolerance. */
  quick: {
    ...full,
    records: "generated",
    limit: 640,
    latent: 10,
    hidden: 20,
    recognition: 20,
    recognitionHidden: 20,
    tolerance: 1e-6,
    batchSize: 64,
    epochs: 15,
    reconstructionEpochs: 5,
  },
  full,
  /**
   * As Pal et al. (ICML 2021) ran it, by their code: float32 at 1.4e-8, where the error estimate is mostly rounding, the
   * PI controller, 300 epochs.
   */
  published: { ...full, precision: "float32", tolerance: 1.4e-8, controller: "PI", epochs: 300 },
} as const satisfies Record<string, PhysionetPreset>;

/** The name of a preset. */
export type PhysionetPresetName = keyof typeof physionetPresets;
