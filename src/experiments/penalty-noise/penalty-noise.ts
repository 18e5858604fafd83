import type { Experiment } from "../experiment.js";
import { type MnistOdeOptions, mnistOdeMethods } from "../mnist-ode/configuration.js";
import { mnistOdePresets } from "../mnist-ode/presets.js";
import { penaltyNoiseIdentity } from "./identity.js";
import { type PenaltyNoiseRow, penaltyNoiseMeasures } from "./penalty-noise-row.js";

/**
 * How much of the error penalty's gradient is rounding: trainings of mnist-ode, in which it is followed in single precision,
 * as Pal et al. (ICML 2021) computed it, beside double precision.
 */
export const penaltyNoise: Experiment<PenaltyNoiseRow> = {
  name: "penalty-noise",
  methods: mnistOdeMethods.filter((method) => method !== "linear"),
  presets: Object.keys(mnistOdePresets),
  defaultPreset: "published",
  measures: penaltyNoiseMeasures,
  published: [],
  identity: (options) => penaltyNoiseIdentity(options as MnistOdeOptions),
  run: async (options, context) =>
    (await import("./run.js")).runPenaltyNoise(options as MnistOdeOptions, context),
};
