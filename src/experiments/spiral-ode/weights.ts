import type { RegularizationMethodName } from "../regularization-methods.js";
import { steady, type WeightDecay } from "../weight-decay.js";
import type { SpiralOdePresetName } from "./presets.js";

/** Weights at the start and the end of a training, of every method that has one. */
export type SpiralOdeWeights = Readonly<Partial<Record<RegularizationMethodName, WeightDecay>>>;

/** Of weights ten times apart, the largest with which the spiral is still fitted to a sum of squares of 0.01 (seed 1). */
const full: SpiralOdeWeights = {
  taynode: steady(1e-7),
  srnode: steady(0.01),
  ernode: steady(10),
  "steer+srnode": steady(0.01),
  "steer+ernode": steady(10),
  "srnode+ernode": steady(0.1),
  "local-biased": steady(0.01),
  "local-unbiased": steady(0.01),
  kinetic: steady(0.01),
  jacobian: steady(1e-3),
  l1: steady(1e-3),
  l2: steady(1e-3),
};

/** Weights that a run has unless told otherwise. */
export const spiralOdeWeights: Readonly<Record<SpiralOdePresetName, SpiralOdeWeights>> = {
  smoke: full,
  quick: full,
  full,
};
