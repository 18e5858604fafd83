import type { Precision } from "../../compiler/targets/target.js";
import { taylorPenalty } from "../../regularizers/taylor-penalty.js";
import {
  chosenWeight,
  type RegularizationMethod,
  type RegularizationMethodName,
  regularizationMethods,
  type WeightDecay,
} from "../regularization-methods.js";
import { type RowIdentity, rowIdentity } from "../result-row.js";
import { type RunOptions, requireAllowed } from "../run-options.js";
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

/** Targets on which the experiment can be trained. */
const targets: readonly PhysionetPreset["target"][] = ["wasm", "onnx"];

/** Which run to make. */
export interface PhysionetOptions extends RunOptions {
  readonly method: RegularizationMethodName;
  readonly preset: PhysionetPresetName;
  readonly target?: PhysionetPreset["target"];
  readonly precision?: Precision;
}

/** A run of the experiment, complete. */
export interface PhysionetConfiguration extends PhysionetPreset {
  readonly method: RegularizationMethodName;
  readonly seed: number;
  /** Absent where there is no penalty to weigh. */
  readonly weight?: WeightDecay;
}

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function physionetConfiguration(options: PhysionetOptions): PhysionetConfiguration {
  requireAllowed(options, {
    experiment: "physionet",
    methods: physionetMethods,
    presets: Object.keys(physionetPresets),
    targets,
    isWeighted: (method) => physionetRegularization[method as RegularizationMethodName].isWeighted,
  });
  const { method, seed } = options;
  const preset: PhysionetPreset = physionetPresets[options.preset];
  const { epochs = preset.epochs, target = preset.target, precision = preset.precision } = options;
  const weight = chosenWeight(physionetWeights[options.preset][method], options.weight);
  return { ...preset, method, seed, epochs, target, precision, weight };
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
