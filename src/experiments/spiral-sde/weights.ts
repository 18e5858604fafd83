import { steady, type WeightDecay } from "../weight-decay.js";
import type { SpiralSdeMethod } from "./methods.js";
import type { SpiralSdePresetName } from "./presets.js";

/** Weights of every method that has one; they stay as they are during a training. */
export type SpiralSdeWeights = Readonly<Partial<Record<SpiralSdeMethod, WeightDecay>>>;

/**
 * Pal et al. (ICML 2021) have 0.2 for the error in their code, and 0.1 for the stiffness on MNIST; Pal et al. (ICML 2023) have
 * 1000 for local steps there. Here that is about the largest with which the moments are still fitted as well.
 */
const published: SpiralSdeWeights = {
  srnsde: steady(0.1),
  ernsde: steady(0.2),
  "local-biased": steady(1000),
  "local-unbiased": steady(1000),
};

/** Weights that a run has unless told otherwise. */
export const spiralSdeWeights: Readonly<Record<SpiralSdePresetName, SpiralSdeWeights>> = {
  smoke: published,
  quick: published,
  full: published,
  published,
};
