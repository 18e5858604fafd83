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
import { type SpiralOdePreset, type SpiralOdePresetName, spiralOdePresets } from "./presets.js";
import { spiralOdeWeights } from "./weights.js";

/** Methods of the experiment, in the order of presentation. */
export const spiralOdeMethods = Object.keys(regularizationMethods) as readonly RegularizationMethodName[];

/** Targets on which the experiment can be trained. */
const targets: readonly SpiralOdePreset["target"][] = ["wasm", "javascript"];

/** Which run to make. */
export interface SpiralOdeOptions extends RunOptions {
  readonly method: RegularizationMethodName;
  readonly preset: SpiralOdePresetName;
  readonly target?: SpiralOdePreset["target"];
  readonly precision?: Precision;
}

/** A run of the experiment, complete. */
export interface SpiralOdeConfiguration extends SpiralOdePreset {
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
export function spiralOdeConfiguration(options: SpiralOdeOptions): SpiralOdeConfiguration {
  requireAllowed(options, {
    experiment: "spiral-ode",
    methods: spiralOdeMethods,
    presets: Object.keys(spiralOdePresets),
    targets,
    isWeighted: (method) => regularizationMethods[method as RegularizationMethodName].isWeighted,
  });
  const { method, seed } = options;
  const preset: SpiralOdePreset = spiralOdePresets[options.preset];
  const { epochs = preset.epochs, target = preset.target, precision = preset.precision } = options;
  const weight = chosenWeight(spiralOdeWeights[options.preset][method], options.weight);
  return { ...preset, method, seed, epochs, target, precision, weight };
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
