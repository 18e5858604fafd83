import type { Experiment } from "../experiment.js";
import {
  type PhysionetOptions,
  physionetConfiguration,
  physionetIdentity,
  physionetMethods,
} from "./configuration.js";
import { type PhysionetRow, physionetMeasures } from "./physionet-row.js";
import { physionetPresets } from "./presets.js";
import { physionetPublished } from "./published-tables.js";

/** A latent ODE of patients in intensive care: Table 2 and Figure 4 of Pal et al. (ICML 2021). */
export const physionet: Experiment<PhysionetRow> = {
  name: "physionet",
  methods: physionetMethods,
  presets: Object.keys(physionetPresets),
  defaultPreset: "quick",
  measures: physionetMeasures,
  published: physionetPublished,
  identity: (options) => {
    const { preset } = options as PhysionetOptions;
    return physionetIdentity(preset, physionetConfiguration(options as PhysionetOptions));
  },
  run: async (options, context) =>
    (await import("./run.js")).runPhysionet(options as PhysionetOptions, context),
};
