import type { ResultRow, RowIdentity } from "../../experiments/result-row.js";
import { threadsOf } from "../../experiments/threads.js";
import { meanOf } from "../../report/paired.js";

/** A run and how long it took. */
export type TimedRun = RowIdentity & Pick<ResultRow, "timing">;

/** Fields of a row in which another is like it, from the closest likeness to the loosest that still says something. */
const likenesses: readonly (readonly (keyof RowIdentity)[])[] = [
  ["experiment", "preset", "precision", "target", "method", "weight"],
  ["experiment", "preset", "precision", "target", "method"],
  ["experiment", "preset", "precision", "target"],
  ["experiment", "preset", "precision"],
];

/**
 * Seconds that a run will take, by the rows that are most like it: in proportion to the epochs, and to the threads as if
 * each did its share. Undefined where no row is like it.
 *
 * @param threads of the run
 */
export function estimatedSeconds(
  run: RowIdentity,
  rows: readonly TimedRun[],
  threads: number,
): number | undefined {
  for (const fields of likenesses) {
    const alike = rows.filter((row) => fields.every((field) => row[field] === run[field]));
    if (alike.length > 0) return meanOf(alike.map((row) => (secondsPerEpoch(row) * run.epochs) / threads));
  }
  return undefined;
}

/** Of one thread. */
function secondsPerEpoch({ timing, epochs }: TimedRun): number {
  return (timing.totalSeconds * threadsOf(timing)) / epochs;
}
