import type { Precision } from "../../compiler/targets/target.js";

/** Every choice of a run, apart from method, weight and seed. */
export interface SpiralOdePreset {
  readonly span: readonly [number, number];
  /** Points of the true spiral to which the model is fitted, evenly spaced from start to end. */
  readonly points: number;
  /** Width of the field's hidden layer. */
  readonly hidden: number;
  readonly precision: Precision;
  readonly target: "wasm" | "javascript";
  /** Both tolerances of the training solver. */
  readonly tolerance: number;
  readonly controller: "I" | "PI";
  /** Iterations: each sees the whole spiral. */
  readonly epochs: number;
  readonly learningRate: number;
  /** The learning rate at the end, as a part of that at the start; it decays exponentially. */
  readonly learningRateDecay: number;
  readonly annealing: "iteration" | "epoch";
}

const full: SpiralOdePreset = {
  span: [0, 1.5],
  points: 30,
  hidden: 50,
  precision: "float64",
  target: "wasm",
  tolerance: 1.4e-8,
  controller: "PI",
  // the fit is off by 0.3 % of the radius then, and the cost has settled; NFE varies more with larger rates
  epochs: 4000,
  learningRate: 0.02,
  learningRateDecay: 0.1,
  annealing: "iteration",
};

/** Named configurations of the experiment, each complete. */
export const spiralOdePresets = {
  /** Seconds: shows that everything works, not what it is worth. */
  smoke: { ...full, hidden: 8, tolerance: 1e-4, epochs: 20 },
  /** At a tolerance where steps are few. */
  quick: { ...full, tolerance: 1e-6, controller: "I", epochs: 1000, learningRate: 0.05 },
  /** The solver of Pal et al. (ICML 2021): 1.4e-8 and the PI controller. */
  full,
} as const satisfies Record<string, SpiralOdePreset>;

/** The name of a preset. */
export type SpiralOdePresetName = keyof typeof spiralOdePresets;
