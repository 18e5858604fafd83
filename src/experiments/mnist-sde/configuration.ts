import type { Precision } from "../../compiler/targets/target.js";
import { stochasticController } from "../../solvers/sde/stochastic-controller.js";
import { chosenWeight, type WeightDecay } from "../regularization-methods.js";
import { type RowIdentity, rowIdentity } from "../result-row.js";
import { type RunOptions, requireAllowed } from "../run-options.js";
import {
  type MnistSdeMethod,
  mnistSdeMethodNames,
  mnistSdeMethods,
  type StochasticMethod,
} from "./methods.js";
import { type MnistSdePreset, type MnistSdePresetName, mnistSdePresets } from "./presets.js";
import { mnistSdeWeights } from "./weights.js";

/** Which run to make. */
export interface MnistSdeOptions extends RunOptions {
  readonly method: MnistSdeMethod;
  readonly preset: MnistSdePresetName;
  readonly target?: MnistSdePreset["target"];
  readonly precision?: Precision;
}

/** A run of the experiment, complete. */
export interface MnistSdeConfiguration extends MnistSdePreset {
  readonly method: MnistSdeMethod;
  readonly seed: number;
  /** Absent where there is no penalty to weigh. */
  readonly weight?: WeightDecay;
}

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function mnistSdeConfiguration(options: MnistSdeOptions): MnistSdeConfiguration {
  requireAllowed(options, {
    experiment: "mnist-sde",
    methods: mnistSdeMethodNames,
    presets: Object.keys(mnistSdePresets),
    targets: ["wasm"],
    isWeighted: (method) => mnistSdeMethods[method as MnistSdeMethod].isWeighted,
  });
  const { method, seed } = options;
  const preset: MnistSdePreset = mnistSdePresets[options.preset];
  const { epochs = preset.epochs, target = preset.target, precision = preset.precision } = options;
  const weight = chosenWeight(mnistSdeWeights[options.preset][method], options.weight);
  return { ...preset, method, seed, epochs, target, precision, weight };
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
