import type { Experiment } from "../experiments/experiment.js";
import type { GridWeight, SweepGrid } from "../experiments/sweep-grid.js";
import { countOption, listOption, numberOption } from "./options.js";
import { UsageError } from "./usage-error.js";

/** The options of a command line that describe a grid of runs. */
export const gridOptions = {
  methods: { type: "string" },
  seeds: { type: "string" },
  weights: { type: "string" },
  preset: { type: "string" },
  epochs: { type: "string" },
  target: { type: "string" },
  precision: { type: "string" },
} as const;

/** Their values, as far as they were given. */
export type GridChoices = Readonly<Partial<Record<keyof typeof gridOptions, string>>>;

/** Seeds of one option: a range is written 1..3. */
const mostSeeds = 1000;

/**
 * The grid that a command line describes; what is left out is all methods, the seed 1, each method's own weight, and the
 * default preset as it is.
 *
 * @throws UsageError naming the option that cannot be read.
 */
export function gridOf(experiment: Experiment, choices: GridChoices): SweepGrid {
  const { preset = experiment.defaultPreset, target, precision } = choices;
  return {
    methods: listOption(choices.methods) ?? experiment.methods,
    seeds: (listOption(choices.seeds) ?? ["1"]).flatMap(seedsIn),
    weights: listOption(choices.weights)?.map(weightIn),
    epochs: countOption("epochs", choices.epochs),
    preset,
    target,
    precision,
  };
}

function seedsIn(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text);
  if (!range) return [numberOption("seeds", text) as number];
  const [first, last] = [Number(range[1]), Number(range[2])];
  if (last < first || last - first >= mostSeeds) {
    throw new UsageError(`--seeds: ${text} must go up, by fewer than ${mostSeeds} seeds`);
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function weightIn(text: string): GridWeight {
  const isMultiple = text.endsWith("x");
  const value = Number(isMultiple ? text.slice(0, -1) : text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new UsageError(
      `--weights must be positive numbers, or multiples of a method's own such as 3x, got "${text}"`,
    );
  }
  return isMultiple ? { multiple: value } : { value };
}
