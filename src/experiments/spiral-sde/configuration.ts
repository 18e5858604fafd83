import {
  type ChosenRun,
  type Configured,
  chosenConfiguration,
  type KnownRuns,
} from "../chosen-configuration.js";
import { type RowIdentity, rowIdentity } from "../result-row.js";
import { type SpiralSdeMethod, spiralSdeMethods } from "./methods.js";
import {
  type SpiralSdePreset,
  type SpiralSdePresetName,
  type SpiralSdeSolver,
  spiralSdePresets,
} from "./presets.js";
import { spiralSdeWeights } from "./weights.js";

/** Which run to make. */
export type SpiralSdeOptions = ChosenRun<SpiralSdeMethod, SpiralSdePresetName, SpiralSdePreset["target"]>;

/** A run of the experiment, complete. */
export type SpiralSdeConfiguration = Omit<Configured<SpiralSdeMethod, SpiralSdePreset>, "solvers"> & {
  readonly solver: SpiralSdeSolver;
};

const runs: KnownRuns<SpiralSdeMethod, SpiralSdePresetName, SpiralSdePreset> = {
  experiment: "spiral-sde",
  methods: spiralSdeMethods,
  presets: spiralSdePresets,
  targets: ["wasm", "javascript"],
  weights: spiralSdeWeights,
};

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function spiralSdeConfiguration(options: SpiralSdeOptions): SpiralSdeConfiguration {
  const { solvers, ...configuration } = chosenConfiguration(runs, options);
  return {
    ...configuration,
    solver: options.method === "srnsde" ? solvers.stiffness : solvers.others,
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
