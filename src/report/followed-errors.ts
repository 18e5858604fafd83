import type { PhysionetRow } from "../experiments/physionet/physionet-row.js";
import type { TrainingRun } from "./training-chart.js";

/**
 * Runs of physionet as charts of a training show them: the loss is the squared error of the first training batch, measured
 * after every epoch, and not the bound on the likelihood, by which they were trained.
 */
export function followedErrors(
  rows: readonly Pick<PhysionetRow, "method" | "seed" | "curve">[],
): TrainingRun[] {
  return rows.map(({ method, seed, curve }) => ({
    method,
    seed,
    curve: curve.flatMap(({ iteration, nfe, ...measures }) =>
      "trainLoss" in measures ? [{ iteration, nfe, loss: Number(measures.trainLoss) }] : [],
    ),
  }));
}
