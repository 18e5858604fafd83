import { stochasticController } from "../../solvers/sde/stochastic-controller.js";
import {
  type ChosenRun,
  type Configured,
  chosenConfiguration,
  type KnownRuns,
} from "../chosen-configuration.js";
import { type RowIdentity, rowIdentity } from "../result-row.js";
import { type MnistSdeMethod, mnistSdeMethods, type StochasticMethod } from "./methods.js";
import { type MnistSdePreset, type MnistSdePresetName, mnistSdePresets } from "./presets.js";
import { mnistSdeWeights } from "./weights.js";

/** Which run to make. */
export type MnistSdeOptions = ChosenRun<MnistSdeMethod, MnistSdePresetName, MnistSdePreset["target"]>;

/** A run of the experiment, complete. */
export type MnistSdeConfiguration = Configured<MnistSdeMethod, MnistSdePreset>;

const runs: KnownRuns<MnistSdeMethod, MnistSdePresetName, MnistSdePreset> = {
  experiment: "mnist-sde",
  methods: mnistSdeMethods,
  presets: mnistSdePresets,
  targets: ["wasm"],
  weights: mnistSdeWeights,
};

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function mnistSdeConfiguration(options: MnistSdeOptions): MnistSdeConfiguration {
  return chosenConfiguration(runs, options);
}

/** The fields of a row that say which run it is. */
export function mnistSdeIdentity(
  preset: MnistSdePresetName,
  configuration: MnistSdeConfiguration,
): RowIdentity {
  const { solver, settings = {} }: StochasticMethod = mnistSdeMethods[configuration.method];
  const controller = stochasticController.name;
  const hashed = { experiment: "mnist-sde", ...configuration, controller, solver: solver.name, settings };
  return rowIdentity("mnist-sde", preset, { ...configuration, controller }, hashed);
}
