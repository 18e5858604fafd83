import {
  type ChosenRun,
  type Configured,
  chosenConfiguration,
  type KnownRuns,
} from "../chosen-configuration.js";
import {
  type RegularizationMethod,
  type RegularizationMethodName,
  regularizationMethods,
} from "../regularization-methods.js";
import { type RowIdentity, rowIdentity } from "../result-row.js";
import { type SpiralOdePreset, type SpiralOdePresetName, spiralOdePresets } from "./presets.js";
import { spiralOdeWeights } from "./weights.js";

/** Methods of the experiment, in the order of presentation. */
export const spiralOdeMethods = Object.keys(regularizationMethods) as readonly RegularizationMethodName[];

/** Which run to make. */
export type SpiralOdeOptions = ChosenRun<
  RegularizationMethodName,
  SpiralOdePresetName,
  SpiralOdePreset["target"]
>;

/** A run of the experiment, complete. */
export type SpiralOdeConfiguration = Configured<RegularizationMethodName, SpiralOdePreset>;

const runs: KnownRuns<RegularizationMethodName, SpiralOdePresetName, SpiralOdePreset> = {
  experiment: "spiral-ode",
  methods: regularizationMethods,
  presets: spiralOdePresets,
  targets: ["wasm", "javascript"],
  weights: spiralOdeWeights,
};

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function spiralOdeConfiguration(options: SpiralOdeOptions): SpiralOdeConfiguration {
  return chosenConfiguration(runs, options);
}

/** The fields of a row that say which run it is. */
export function spiralOdeIdentity(
  preset: SpiralOdePresetName,
  configuration: SpiralOdeConfiguration,
): RowIdentity {
  const { settings = {} }: RegularizationMethod = regularizationMethods[configuration.method];
  const hashed = { experiment: "spiral-ode", ...configuration, settings };
  return rowIdentity("spiral-ode", preset, configuration, hashed);
}
