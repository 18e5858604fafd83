import type { Precision } from "../../compiler/targets/target.js";
import type { WeightDecay } from "../regularization-methods.js";
import { type RowIdentity, rowIdentity } from "../result-row.js";
import { type RunOptions, requireAllowed } from "../run-options.js";
import { type SpiralSdeMethod, spiralSdeMethods } from "./methods.js";
import {
  type SpiralSdePreset,
  type SpiralSdePresetName,
  type SpiralSdeSolver,
  spiralSdePresets,
} from "./presets.js";
import { spiralSdeWeights } from "./weights.js";

/** Targets on which the experiment can be trained. */
const targets: readonly SpiralSdePreset["target"][] = ["wasm", "javascript"];

/** Which run to make. */
export interface SpiralSdeOptions extends RunOptions {
  readonly method: SpiralSdeMethod;
  readonly preset: SpiralSdePresetName;
  readonly target?: SpiralSdePreset["target"];
  readonly precision?: Precision;
}

/** A run of the experiment, complete. */
export interface SpiralSdeConfiguration extends Omit<SpiralSdePreset, "solvers"> {
  readonly method: SpiralSdeMethod;
  readonly seed: number;
  readonly solver: SpiralSdeSolver;
  /** Absent where there is no penalty to weigh. */
  readonly weight?: WeightDecay;
}

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function spiralSdeConfiguration(options: SpiralSdeOptions): SpiralSdeConfiguration {
  requireAllowed(options, {
    experiment: "spiral-sde",
    methods: Object.keys(spiralSdeMethods),
    presets: Object.keys(spiralSdePresets),
    targets,
    isWeighted: (method) => spiralSdeMethods[method as SpiralSdeMethod].isWeighted,
  });
  const { method, seed } = options;
  const { solvers, ...preset }: SpiralSdePreset = spiralSdePresets[options.preset];
  const { epochs = preset.epochs, target = preset.target, precision = preset.precision } = options;
  const { weight = spiralSdeWeights[options.preset][method] } = options;
  return {
    ...preset,
    method,
    seed,
    epochs,
    target,
    precision,
    solver: method === "srnsde" ? solvers.stiffness : solvers.others,
    weight: weight === undefined ? undefined : { from: weight, to: weight },
  };
}

/** The fields of a row that say which run it is. */
export function spiralSdeIdentity(
  preset: SpiralSdePresetName,
  configuration: SpiralSdeConfiguration,
): RowIdentity {
  const { settings = {} } = spiralSdeMethods[configuration.method];
  const hashed = { experiment: "spiral-sde", ...configuration, settings };
  return rowIdentity("spiral-sde", preset, configuration, hashed);
}
