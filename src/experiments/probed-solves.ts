import type { Precision } from "../compiler/targets/target.js";
import type { Resolved, ResultRow } from "./result-row.js";

/** A solve of a trained model by tsit5 with the integral controller. */
export interface ProbedSolve {
  readonly precision: Precision;
  /** Both tolerances. */
  readonly tolerance: number;
}

/** The solve that all rows have in common. */
export const commonProbe: ProbedSolve = { precision: "float64", tolerance: 1e-8 };

/** Other solves of the same: in both precisions, from below the resolution of single precision to where it is as good. */
export const otherProbes: readonly ProbedSolve[] = [
  { precision: "float32", tolerance: 1.4e-8 },
  { precision: "float32", tolerance: 1e-6 },
  { precision: "float32", tolerance: 1e-5 },
  { precision: "float32", tolerance: 1e-4 },
  { precision: "float64", tolerance: 1.4e-8 },
  { precision: "float64", tolerance: 1e-6 },
  { precision: "float64", tolerance: 1e-4 },
];

/**
 * What solves of a trained model cost: the first is the one that all rows have in common. Yields to the event loop before
 * each.
 *
 * @throws what `costOf` throws; the signal's reason when it is aborted.
 */
export async function probeCosts(
  solves: readonly [common: ProbedSolve, ...others: ProbedSolve[]],
  costOf: (solve: ProbedSolve) => number,
  signal?: AbortSignal,
): Promise<Pick<ResultRow, "nfeProbe" | "resolved">> {
  const resolved: Resolved[] = [];
  for (const solve of solves) {
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    resolved.push({ ...solve, nfe: costOf(solve) });
  }
  const [common, ...others] = resolved;
  return { nfeProbe: common.nfe, resolved: others };
}
