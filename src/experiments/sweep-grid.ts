import type { Experiment } from "./experiment.js";
import type { RowIdentity } from "./result-row.js";
import type { RunOptions } from "./run-options.js";

/** A weight of a grid: a number, or a multiple of each method's own. */
export type GridWeight = { readonly value: number } | { readonly multiple: number };

/** Runs of one experiment that differ in method, weight and seed. */
export interface SweepGrid extends Pick<RunOptions, "preset" | "epochs" | "target" | "precision"> {
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
  /** For methods that have a weight. @defaultValue each method's own */
  readonly weights?: readonly GridWeight[];
}

/** One run of a grid. */
export interface PlannedRun {
  readonly options: RunOptions;
  readonly identity: RowIdentity;
}

/**
 * All runs of a grid, each once, seed by seed: whatever is there when a sweep is stopped can be compared.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function plannedRuns(experiment: Experiment, grid: SweepGrid): PlannedRun[] {
  const { methods, seeds, weights, ...shared } = grid;
  const runs = seeds.flatMap((seed) =>
    methods.flatMap((method) => {
      const own: RunOptions = { method, seed, ...shared };
      const { weight } = experiment.identity(own);
      const chosen = weights?.map((choice) => ({ ...own, weight: weightOf(choice, weight) }));
      return (weight > 0 && chosen ? chosen : [own]).map((options) => ({
        options,
        identity: experiment.identity(options),
      }));
    }),
  );
  return [...new Map(runs.map((run) => [run.identity.configuration, run])).values()];
}

/** A multiple is rounded to 12 digits: three times 0.1 is 0.3. */
function weightOf(choice: GridWeight, own: number): number {
  return "value" in choice ? choice.value : Number((choice.multiple * own).toPrecision(12));
}

/** A run in words: method, weight if it has one, seed. */
export function runTitle({ method, weight, seed }: Pick<RowIdentity, "method" | "weight" | "seed">): string {
  return `${method}${weight > 0 ? ` weight ${weight}` : ""} seed ${seed}`;
}

/** Where a run's row goes below the folder of results; the hash keeps other configurations out of the same file. */
export function rowPath(identity: RowIdentity): string {
  const { experiment, preset, configuration } = identity;
  return `${experiment}/${preset}/${runTitle(identity).replaceAll(" ", "-")}-${configuration}.json`;
}
