import type { Experiment } from "../experiment.js";
import { type SpiralSdeOptions, spiralSdeConfiguration, spiralSdeIdentity } from "./configuration.js";
import { spiralSdeMethods } from "./methods.js";
import { spiralSdePresets } from "./presets.js";
import { spiralSdePublished } from "./published-tables.js";
import { type SpiralSdeRow, spiralSdeMeasures } from "./spiral-sde-row.js";

/** A neural SDE fitted to means and variances of a spiral with noise: Table 3 and Figure 5 of Pal et al. (ICML 2021). */
export const spiralSde: Experiment<SpiralSdeRow> = {
  name: "spiral-sde",
  methods: Object.keys(spiralSdeMethods),
  presets: Object.keys(spiralSdePresets),
  defaultPreset: "quick",
  measures: spiralSdeMeasures,
  published: spiralSdePublished,
  identity: (options) => {
    const { preset } = options as SpiralSdeOptions;
    return spiralSdeIdentity(preset, spiralSdeConfiguration(options as SpiralSdeOptions));
  },
  run: async (options, context) =>
    (await import("./run.js")).runSpiralSde(options as SpiralSdeOptions, context),
};
