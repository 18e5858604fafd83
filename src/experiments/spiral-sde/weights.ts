import type { SpiralSdeMethod } from "./methods.js";
import type { SpiralSdePresetName } from "./presets.js";

/** Weights of every method that has one; they stay as they are during a training. */
export type SpiralSdeWeights = Readonly<Partial<Record<SpiralSdeMethod, number>>>;

/** Those of the paper where they are known. */
const full: SpiralSdeWeights = {
  srnsde: 0.1,
  ernsde: 0.2,
  "local-biased": 100,
  "local-unbiased": 100,
};

/**
 * Pal et al. (ICML 2021): 0.2 in their code, 0.1 for the stiffness on MNIST; Pal et al. (ICML 2023) have 1000 for local steps
 * there.
 */
const published: SpiralSdeWeights = {
  srnsde: 0.1,
  ernsde: 0.2,
  "local-biased": 1000,
  "local-unbiased": 1000,
};

/** Weights that a run has unless told otherwise. */
export const spiralSdeWeights: Readonly<Record<SpiralSdePresetName, SpiralSdeWeights>> = {
  smoke: full,
  quick: full,
  full,
  published,
};
