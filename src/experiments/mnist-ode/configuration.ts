import type { Precision } from "../../compiler/targets/target.js";
import {
  chosenWeight,
  type RegularizationMethod,
  type RegularizationMethodName,
  regularizationMethods,
  type WeightDecay,
} from "../regularization-methods.js";
import { type RowIdentity, rowIdentity } from "../result-row.js";
import { type RunOptions, requireAllowed } from "../run-options.js";
import { type MnistOdePreset, type MnistOdePresetName, mnistOdePresets } from "./presets.js";
import { mnistOdeWeights } from "./weights.js";

/** What is trained: the head alone, or the neural ODE with one of the regularization methods. */
export type MnistOdeMethod = "linear" | RegularizationMethodName;

/** Methods of the experiment, in the order of presentation. */
export const mnistOdeMethods = [
  "linear",
  ...(Object.keys(regularizationMethods) as RegularizationMethodName[]),
] as const satisfies readonly MnistOdeMethod[];

/** Targets on which the experiment can be trained. */
const targets: readonly MnistOdePreset["target"][] = ["onnx", "wasm"];

/** Which run to make. */
export interface MnistOdeOptions extends RunOptions {
  readonly method: MnistOdeMethod;
  readonly preset: MnistOdePresetName;
  readonly target?: MnistOdePreset["target"];
  readonly precision?: Precision;
}

/** A run of the experiment, complete. */
export interface MnistOdeConfiguration extends MnistOdePreset {
  readonly method: MnistOdeMethod;
  readonly seed: number;
  /** Absent where there is no penalty to weigh. */
  readonly weight?: WeightDecay;
}

/** How a method regularizes; the linear model has nothing to regularize. */
export function regularizationOf(method: MnistOdeMethod): RegularizationMethod {
  return regularizationMethods[method === "linear" ? "vanilla" : method];
}

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function mnistOdeConfiguration(options: MnistOdeOptions): MnistOdeConfiguration {
  requireAllowed(options, {
    experiment: "mnist-ode",
    methods: mnistOdeMethods,
    presets: Object.keys(mnistOdePresets),
    targets,
    isWeighted: (method) => regularizationOf(method as MnistOdeMethod).isWeighted,
  });
  const { method, seed } = options;
  const preset: MnistOdePreset = mnistOdePresets[options.preset];
  const { epochs = preset.epochs, target = preset.target, precision = preset.precision } = options;
  const weight = chosenWeight(mnistOdeWeights[options.preset][method], options.weight);
  return { ...preset, method, seed, epochs, target, precision, weight };
}

/** The fields of a row that say which run it is. */
export function mnistOdeIdentity(
  preset: MnistOdePresetName,
  configuration: MnistOdeConfiguration,
): RowIdentity {
  const { weight } = configuration;
  const { settings } = regularizationOf(configuration.method);
  // a method without settings has the hash that it had before there were any: committed rows remain valid
  const hashed = { ...configuration, weight, ...(settings && { settings }) };
  return rowIdentity("mnist-ode", preset, configuration, hashed);
}
