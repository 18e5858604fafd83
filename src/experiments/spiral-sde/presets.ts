import type { Precision } from "../../compiler/targets/target.js";

/** Methods by which the model is solved; only sosri2 estimates the stiffness. */
export type SpiralSdeSolver = "sosri" | "sosri2";

/** Every choice of a run, apart from method, weight and seed. */
export interface SpiralSdePreset {
  readonly span: readonly [number, number];
  /** Times at which means and variances are fitted, evenly spaced from start to end. */
  readonly points: number;
  /** Paths of the true equation from which the data's means and variances are. */
  readonly dataPaths: number;
  /** Paths of the model in an iteration, solved as one system. */
  readonly paths: number;
  /** Width of the drift's hidden layer. */
  readonly hidden: number;
  readonly precision: Precision;
  readonly target: "wasm" | "javascript";
  /** Both tolerances of the training solver. */
  readonly tolerance: number;
  readonly controller: "PI";
  /** The training solver, and that of methods which penalise the stiffness. */
  readonly solvers: { readonly stiffness: SpiralSdeSolver; readonly others: SpiralSdeSolver };
  /** Iterations: each sees new paths. */
  readonly epochs: number;
  readonly learningRate: number;
}

/**
 * As Pal et al. (ICML 2021) ran it, by their code, but for single precision, and with one solver for all methods, so that
 * what differs is what the methods add.
 */
const full: SpiralSdePreset = {
  span: [0, 1],
  points: 30,
  dataPaths: 10_000,
  paths: 100,
  hidden: 50,
  precision: "float64",
  target: "wasm",
  tolerance: 0.3,
  controller: "PI",
  solvers: { stiffness: "sosri2", others: "sosri2" },
  epochs: 250,
  learningRate: 0.01,
};

/** Named configurations of the experiment, each complete. */
export const spiralSdePresets = {
  /** Seconds: shows that everything works, not what it is worth. */
  smoke: { ...full, points: 8, dataPaths: 500, paths: 16, hidden: 8, tolerance: 1, epochs: 20 },
  /** Half the paths and iterations, and longer steps. */
  quick: { ...full, paths: 50, tolerance: 0.6, epochs: 125 },
  full,
  /** Single precision; sosri, and sosri2 where the stiffness is penalised, as in the paper's other stochastic experiment. */
  published: { ...full, precision: "float32", solvers: { stiffness: "sosri2", others: "sosri" } },
} as const satisfies Record<string, SpiralSdePreset>;

/** The name of a preset. */
export type SpiralSdePresetName = keyof typeof spiralSdePresets;
