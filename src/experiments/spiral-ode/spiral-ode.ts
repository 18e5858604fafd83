import type { Experiment } from "../experiment.js";
import {
  type SpiralOdeOptions,
  spiralOdeConfiguration,
  spiralOdeIdentity,
  spiralOdeMethods,
} from "./configuration.js";
import { spiralOdePresets } from "./presets.js";
import { spiralOdePublished } from "./published-tables.js";
import { type SpiralOdeRow, spiralOdeMeasures } from "./spiral-ode-row.js";

/** A neural ODE fitted to a spiral: Figure 2 of Pal et al. (ICML 2021). */
export const spiralOde: Experiment<SpiralOdeRow> = {
  name: "spiral-ode",
  methods: spiralOdeMethods,
  presets: Object.keys(spiralOdePresets),
  defaultPreset: "quick",
  measures: spiralOdeMeasures,
  published: spiralOdePublished,
  identity: (options) => {
    const { preset } = options as SpiralOdeOptions;
    return spiralOdeIdentity(preset, spiralOdeConfiguration(options as SpiralOdeOptions));
  },
  run: async (options, context) =>
    (await import("./run.js")).runSpiralOde(options as SpiralOdeOptions, context),
};
