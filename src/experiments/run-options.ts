import type { Precision, TargetName } from "../compiler/targets/target.js";

/** Which run of an experiment to make; what is left out is the preset's. */
export interface RunOptions {
  readonly method: string;
  /** The name of a configuration that is complete but for method and seed. */
  readonly preset: string;
  /** Decides initial parameters, batches and every draw. */
  readonly seed: number;
  /** Times that training goes over the data. */
  readonly epochs?: number;
  /** Weight of the method's own penalty at the start of training; the end follows in proportion. */
  readonly weight?: number;
  readonly target?: string;
  readonly precision?: string;
}

/** What an experiment allows. */
export interface AllowedOptions {
  readonly experiment: string;
  readonly methods: readonly string[];
  readonly presets: readonly string[];
  readonly targets: readonly TargetName[];
  /** Whether a method has a weight. */
  readonly isWeighted: (method: string) => boolean;
}

const precisions: readonly Precision[] = ["float64", "float32"];

/**
 * Checks what was chosen for a run against what the experiment allows.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function requireAllowed(options: RunOptions, allowed: AllowedOptions): void {
  const { method, preset, seed, epochs, weight, target, precision } = options;
  const requireThat = (isRight: boolean, option: string, value: unknown, rule: string): void => {
    if (!isRight) throw new RangeError(`${allowed.experiment}: ${option} must be ${rule}, got ${value}`);
  };
  const requireOneOf = (option: string, value: string | undefined, names: readonly string[]): void =>
    requireThat(value === undefined || names.includes(value), option, value, `one of ${names.join(", ")}`);

  requireThat(allowed.presets.includes(preset), "preset", preset, `one of ${allowed.presets.join(", ")}`);
  requireThat(allowed.methods.includes(method), "method", method, `one of ${allowed.methods.join(", ")}`);
  requireThat(Number.isSafeInteger(seed) && seed >= 0, "seed", seed, "a whole number, at least 0");
  requireThat(
    epochs === undefined || (Number.isSafeInteger(epochs) && epochs >= 1),
    "epochs",
    epochs,
    "a whole number, at least 1",
  );
  requireOneOf("target", target, allowed.targets);
  requireOneOf("precision", precision, precisions);
  if (weight === undefined) return;
  const unweighted = `left out for the method ${method}, which has no penalty to weigh`;
  requireThat(allowed.isWeighted(method), "weight", weight, unweighted);
  requireThat(weight > 0 && Number.isFinite(weight), "weight", weight, "a positive number");
}
