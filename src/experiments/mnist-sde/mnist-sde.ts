import type { Experiment } from "../experiment.js";
import { type MnistSdeOptions, mnistSdeConfiguration, mnistSdeIdentity } from "./configuration.js";
import { mnistSdeMethodNames } from "./methods.js";
import { type MnistSdeRow, mnistSdeMeasures } from "./mnist-sde-row.js";
import { mnistSdePresets } from "./presets.js";
import { mnistSdePublished } from "./published-tables.js";

/** A neural SDE on the digits of MNIST: Table 4 and Figure 6 of Pal et al. (ICML 2021). */
export const mnistSde: Experiment<MnistSdeRow> = {
  name: "mnist-sde",
  methods: mnistSdeMethodNames,
  presets: Object.keys(mnistSdePresets),
  defaultPreset: "quick",
  measures: mnistSdeMeasures,
  published: mnistSdePublished,
  identity: (options) => {
    const { preset } = options as MnistSdeOptions;
    return mnistSdeIdentity(preset, mnistSdeConfiguration(options as MnistSdeOptions));
  },
  // what computes takes half a second to load
  run: async (options, context) =>
    (await import("./run.js")).runMnistSde(options as MnistSdeOptions, context),
};
