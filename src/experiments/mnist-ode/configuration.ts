import { configurationHash, type ResultRow } from "../result-row.js";
import { type MnistOdePreset, type MnistOdePresetName, mnistOdePresets } from "./presets.js";

/** What is trained: the head alone, the neural ODE, or the neural ODE with an error penalty. */
export type MnistOdeMethod = "linear" | "vanilla" | "ernode";

/** Methods of the experiment, in the order of presentation. */
export const mnistOdeMethods: readonly MnistOdeMethod[] = ["linear", "vanilla", "ernode"];

/** Targets on which the experiment can be trained. */
const mnistOdeTargets: readonly MnistOdePreset["target"][] = ["onnx", "wasm"];

/** Which run to make. */
export interface MnistOdeOptions {
  readonly method: MnistOdeMethod;
  readonly preset: MnistOdePresetName;
  readonly seed: number;
  /** @defaultValue the preset's */
  readonly epochs?: number;
  /** Penalty weight at the start, for the method ernode; the end follows in proportion. @defaultValue the preset's */
  readonly weight?: number;
  /** @defaultValue the preset's */
  readonly target?: MnistOdePreset["target"];
}

/** A run of the experiment, complete. */
export interface MnistOdeConfiguration extends MnistOdePreset {
  readonly method: MnistOdeMethod;
  readonly seed: number;
}

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function mnistOdeConfiguration(options: MnistOdeOptions): MnistOdeConfiguration {
  const { method, seed } = options;
  const presets = Object.keys(mnistOdePresets);
  if (!presets.includes(options.preset))
    throw wrong("preset", options.preset, `one of ${presets.join(", ")}`);
  if (!mnistOdeMethods.includes(method)) {
    throw wrong("method", method, `one of ${mnistOdeMethods.join(", ")}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong("seed", seed, "a whole number, at least 0");
  const preset: MnistOdePreset = mnistOdePresets[options.preset];
  const { epochs = preset.epochs, weight = preset.weight.from, target = preset.target } = options;
  if (!mnistOdeTargets.includes(target))
    throw wrong("target", target, `one of ${mnistOdeTargets.join(", ")}`);
  if (!Number.isSafeInteger(epochs) || epochs < 1)
    throw wrong("epochs", epochs, "a whole number, at least 1");
  if (options.weight !== undefined && method !== "ernode") {
    throw wrong("weight", options.weight, `left out for the method ${method}, which has no penalty`);
  }
  if (!(weight > 0 && Number.isFinite(weight))) {
    throw wrong("weight", weight, "a positive number (the method vanilla has no penalty)");
  }
  const { from, to } = preset.weight;
  return { ...preset, method, seed, epochs, target, weight: { from: weight, to: weight * (to / from) } };
}

function wrong(option: string, value: unknown, allowed: string): RangeError {
  return new RangeError(`mnist-ode: ${option} must be ${allowed}, got ${value}`);
}

/** What tells a row apart from others. */
export type MnistOdeIdentity = Pick<
  ResultRow,
  | "experiment"
  | "method"
  | "preset"
  | "seed"
  | "epochs"
  | "weight"
  | "rtol"
  | "precision"
  | "controller"
  | "target"
  | "configuration"
>;

/** The fields of a row that say which run it is. A weight that is not used does not tell rows apart. */
export function mnistOdeIdentity(
  preset: MnistOdePresetName,
  configuration: MnistOdeConfiguration,
): MnistOdeIdentity {
  const { method, seed, epochs, tolerance, precision, controller, target } = configuration;
  const weight = method === "ernode" ? configuration.weight : undefined;
  return {
    experiment: "mnist-ode",
    method,
    preset,
    seed,
    epochs,
    weight: weight?.from ?? 0,
    rtol: tolerance,
    precision,
    controller,
    target,
    configuration: configurationHash({ ...configuration, weight }),
  };
}
