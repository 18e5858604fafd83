import type { Experiment } from "../experiments/experiment.js";
import { type ExperimentName, experiments } from "../experiments/experiments.js";
import type { RunOptions } from "../experiments/run-options.js";
import { UsageError } from "./usage-error.js";

/** One run of one experiment, as plain data: what `glassbox run --config` takes. */
export interface RunConfig extends RunOptions {
  readonly experiment: string;
}

/** Fields of a run's configuration and their types, as `typeof` has them. */
const fieldTypes: Readonly<Record<keyof RunConfig, "string" | "number">> = {
  experiment: "string",
  method: "string",
  preset: "string",
  seed: "number",
  epochs: "number",
  weight: "number",
  target: "string",
  precision: "string",
};

/**
 * The experiment of a name.
 *
 * @throws UsageError naming those there are.
 */
export function experimentNamed(name: string | undefined): Experiment {
  if (name !== undefined && Object.hasOwn(experiments, name)) return experiments[name as ExperimentName];
  const known = Object.keys(experiments).join(", ");
  throw new UsageError(`unknown experiment ${name ? `"${name}"` : "(none given)"}; there is ${known}`);
}

/**
 * A run written as JSON, such as {"experiment":"mnist-ode","method":"ernode","preset":"quick","seed":1}.
 *
 * @throws UsageError when it is not one.
 */
export function parseRunConfig(text: string): RunConfig {
  const fields = objectIn(text);
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(fieldTypes, name)) {
      const known = Object.keys(fieldTypes).join(", ");
      throw new UsageError(`--config has an unknown field "${name}"; it may have ${known}`);
    }
    const type = fieldTypes[name as keyof RunConfig];
    if (typeof value !== type) {
      throw new UsageError(`--config: ${name} must be a ${type}, got ${JSON.stringify(value)}`);
    }
  }
  return {
    preset: experimentNamed(fields.experiment as string).defaultPreset,
    seed: 1,
    ...fields,
  } as RunConfig;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // said below
  }
  throw new UsageError(`--config must be one JSON object, got ${text}`);
}

/**
 * Runs something that checks a run's options.
 *
 * @throws UsageError with the sentence of what is wrong.
 */
export function withUsageErrors<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
