import type { TrainingOptions, TrainingResult } from "../training/training-options.js";
import type { RunContext } from "./experiment.js";
import type { ResultRow } from "./result-row.js";

/** What a training takes from the context of its run: all but the run itself. */
type ContextOptions = Pick<
  TrainingOptions,
  "signal" | "onProgress" | "onIncident" | "onFailure" | "checkpoint" | "resume"
>;

/** How a run's training is watched, stopped and kept; its checkpoint knows the run's whole configuration. */
export function trainingContext(context: RunContext, configuration: unknown): ContextOptions {
  const { signal, onProgress, onIncident, onFailure, checkpoint, resume } = context;
  const kept = checkpoint && { ...checkpoint, configuration };
  return { signal, onProgress, onIncident, onFailure, checkpoint: kept, resume };
}

/** What a row tells of the training's course. */
export function courseOf({ curve, incidents }: TrainingResult): Pick<ResultRow, "curve" | "incidents"> {
  return incidents.length > 0 ? { curve, incidents } : { curve };
}
