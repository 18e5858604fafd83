import { taylorPenalty } from "../../regularizers/taylor-penalty.js";
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
import { type PhysionetPreset, type PhysionetPresetName, physionetPresets } from "./presets.js";
import { physionetWeights } from "./weights.js";

/** The order of derivative that Kelly et al. (NeurIPS 2020) penalise in the latent ODE. */
const taylor = { order: 2 } as const;

/** How each method regularizes the latent ODE. */
export const physionetRegularization: Readonly<Record<RegularizationMethodName, RegularizationMethod>> = {
  ...regularizationMethods,
  taynode: {
    isWeighted: true,
    settings: taylor,
    regularizers: (weight) => [taylorPenalty({ weight, ...taylor })],
  },
};

/** Methods of the experiment, in the order of presentation. */
export const physionetMethods = Object.keys(physionetRegularization) as readonly RegularizationMethodName[];

/** Which run to make. */
export type PhysionetOptions = ChosenRun<
  RegularizationMethodName,
  PhysionetPresetName,
  PhysionetPreset["target"]
>;

/** A run of the experiment, complete. */
export type PhysionetConfiguration = Configured<RegularizationMethodName, PhysionetPreset>;

const runs: KnownRuns<RegularizationMethodName, PhysionetPresetName, PhysionetPreset> = {
  experiment: "physionet",
  methods: physionetRegularization,
  presets: physionetPresets,
  targets: ["wasm", "onnx"],
  weights: physionetWeights,
};

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function physionetConfiguration(options: PhysionetOptions): PhysionetConfiguration {
  return chosenConfiguration(runs, options);
}

/** The fields of a row that say which run it is. */
export function physionetIdentity(
  preset: PhysionetPresetName,
  configuration: PhysionetConfiguration,
): RowIdentity {
  const { settings = {} } = physionetRegularization[configuration.method];
  const hashed = { experiment: "physionet", ...configuration, settings };
  return rowIdentity("physionet", preset, configuration, hashed);
}
