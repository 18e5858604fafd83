import type { Experiment } from "../experiment.js";
import {
  type MnistOdeOptions,
  mnistOdeConfiguration,
  mnistOdeIdentity,
  mnistOdeMethods,
} from "./configuration.js";
import { type MnistOdeRow, mnistOdeMeasures } from "./mnist-ode-row.js";
import { mnistOdePresets } from "./presets.js";
import { mnistOdePublished } from "./published-tables.js";

/** A neural ODE on the digits of MNIST: Table 1 and Figure 3 of Pal et al. (ICML 2021). */
export const mnistOde: Experiment<MnistOdeRow> = {
  name: "mnist-ode",
  methods: mnistOdeMethods,
  presets: Object.keys(mnistOdePresets),
  defaultPreset: "quick",
  measures: mnistOdeMeasures,
  published: mnistOdePublished,
  identity: (options) => {
    const { preset } = options as MnistOdeOptions;
    return mnistOdeIdentity(preset, mnistOdeConfiguration(options as MnistOdeOptions));
  },
  // what computes takes half a second to load
  run: async (options, context) =>
    (await import("./run.js")).runMnistOde(options as MnistOdeOptions, context),
};
