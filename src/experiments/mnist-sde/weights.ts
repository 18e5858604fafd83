import { steady, type WeightDecay } from "../weight-decay.js";
import type { MnistSdeMethod } from "./methods.js";
import type { MnistSdePresetName } from "./presets.js";

/** Weights of every method that has one, which stay the same throughout a training. */
export type MnistSdeWeights = Readonly<Partial<Record<MnistSdeMethod, WeightDecay>>>;

/**
 * The papers': Pal et al. (ICML 2021, code) for srnsde and ernsde, Pal et al. (2023, code) for local steps. S is divided by
 * 10.453 here, the length of the stability region of sosri2 as it was measured; by 10.6 in their code, where this weight
 * counts 1.4 % less.
 */
const published: MnistSdeWeights = {
  srnsde: steady(0.1),
  ernsde: steady(10),
  "local-biased": steady(1000),
  "local-unbiased": steady(1000),
};

/** Weights that a run has unless told otherwise. */
export const mnistSdeWeights: Readonly<Record<MnistSdePresetName, MnistSdeWeights>> = {
  smoke: published,
  quick: published,
  full: published,
  published,
};
