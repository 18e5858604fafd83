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
import { type MnistOdePreset, type MnistOdePresetName, mnistOdePresets } from "./presets.js";
import { mnistOdeWeights } from "./weights.js";

/** What is trained: the head alone, or the neural ODE with one of the regularization methods. */
export type MnistOdeMethod = "linear" | RegularizationMethodName;

/** Methods of the experiment, in the order of presentation. */
export const mnistOdeMethods = [
  "linear",
  ...(Object.keys(regularizationMethods) as RegularizationMethodName[]),
] as const satisfies readonly MnistOdeMethod[];

/** Which run to make. */
export type MnistOdeOptions = ChosenRun<MnistOdeMethod, MnistOdePresetName, MnistOdePreset["target"]>;

/** A run of the experiment, complete. */
export type MnistOdeConfiguration = Configured<MnistOdeMethod, MnistOdePreset>;

/** How a method regularizes; the linear model has nothing to regularize. */
export function regularizationOf(method: MnistOdeMethod): RegularizationMethod {
  return regularizationMethods[method === "linear" ? "vanilla" : method];
}

const runs: KnownRuns<MnistOdeMethod, MnistOdePresetName, MnistOdePreset> = {
  experiment: "mnist-ode",
  methods: { linear: regularizationMethods.vanilla, ...regularizationMethods },
  presets: mnistOdePresets,
  targets: ["onnx", "wasm"],
  weights: mnistOdeWeights,
};

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function mnistOdeConfiguration(options: MnistOdeOptions): MnistOdeConfiguration {
  return chosenConfiguration(runs, options);
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
