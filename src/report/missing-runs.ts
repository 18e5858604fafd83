import { type ExperimentName, experiments } from "../experiments/experiments.js";
import type { RowIdentity } from "../experiments/result-row.js";
import { type PlannedRun, plannedRuns, type SweepGrid } from "../experiments/sweep-grid.js";
import { comparisons } from "./comparison.js";

/** What is wanted of a grid; the rest is taken from the rows that are there. */
export type WantedGrid = Partial<Pick<SweepGrid, "methods" | "seeds" | "weights">>;

/** Runs that one configuration lacks. */
export interface MissingRuns {
  /** The configuration in words, as in the tables' titles. */
  readonly title: string;
  readonly missing: readonly PlannedRun[];
}

/**
 * What is missing of the wanted grid in each configuration of which there are rows: where it does not say, all methods of
 * the experiment at their own weights, and every weight and seed that some row has.
 */
export function missingRuns(rows: readonly RowIdentity[], wanted: WantedGrid = {}): MissingRuns[] {
  return comparisons(rows).map(({ title, arms }) => {
    const there = arms.flatMap((arm) => arm.rows);
    const { experiment: name, preset, epochs, target, precision } = there[0];
    const experiment = experiments[name as ExperimentName];
    const seeds = wanted.seeds ?? [...new Set(there.map(({ seed }) => seed))].sort((a, b) => a - b);
    const grid = { preset, epochs, target, precision, seeds, weights: wanted.weights };
    const whole = plannedRuns(experiment, { ...grid, methods: wanted.methods ?? experiment.methods });
    const seen = arms.flatMap(({ method, weight }) =>
      plannedRuns(experiment, { ...grid, methods: [method], weights: [{ value: weight }] }),
    );
    const known = new Set(there.map(({ configuration }) => configuration));
    const runs = new Map([...whole, ...seen].map((run) => [run.identity.configuration, run]));
    return {
      title,
      missing: [...runs.values()].filter(({ identity }) => !known.has(identity.configuration)),
    };
  });
}

/** Missing runs in a sentence for each method and weight. */
export function missingText({ title, missing }: MissingRuns): string {
  if (missing.length === 0) return `${title}: nothing is missing`;
  const seeds = new Map<string, number[]>();
  for (const { identity } of missing) {
    const { method, weight, seed } = identity;
    const arm = weight > 0 ? `${method} at weight ${weight}` : method;
    seeds.set(arm, [...(seeds.get(arm) ?? []), seed]);
  }
  const arms = [...seeds].map(
    ([arm, of]) => `${arm} (${of.length === 1 ? "seed" : "seeds"} ${of.join(", ")})`,
  );
  return `${title}: ${missing.length} missing: ${arms.join("; ")}`;
}
