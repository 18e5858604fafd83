import type { MnistOdePreset, MnistOdePresetName } from "../mnist-ode/presets.js";

/** A solver with which the two precisions are compared. */
export interface ComparedSetting {
  readonly controller: MnistOdePreset["controller"];
  /** Both tolerances. */
  readonly tolerance: number;
}

/** From the published setting to one at which single precision resolves the error, in either direction. */
export const comparedSettings: readonly ComparedSetting[] = [
  { controller: "PI", tolerance: 1.4e-8 },
  { controller: "PI", tolerance: 1e-6 },
  { controller: "I", tolerance: 1.4e-8 },
  { controller: "I", tolerance: 1e-6 },
];

/** How much is compared. */
export interface ComparisonPlan {
  /** Test images of which each comparison's system is made. */
  readonly images: number;
  /** Comparisons in the course of a training, beside those at its start and end. */
  readonly moments: number;
}

const whole: ComparisonPlan = { images: 64, moments: 16 };

/** How much is compared in a training by each preset. */
export const comparisonPlans: Readonly<Record<MnistOdePresetName, ComparisonPlan>> = {
  smoke: { images: 4, moments: 2 },
  quick: whole,
  full: whole,
  published: whole,
};
