import type { TrainingProgress } from "../../training/training-progress.js";
import type { CurvePoint } from "../result-row.js";

/** About so many iterations are kept, and every evaluation beside them. */
const keptIterations = 64;

/** A training's progress, thinned to a curve of limited length. */
export class TrainingCurve {
  readonly points: CurvePoint[] = [];

  /** Keeps an iteration, if it is one of those to keep. */
  add({ iteration, iterations, epoch, loss, penalty, nfe, evaluation }: TrainingProgress): void {
    const interval = Math.max(1, Math.round(iterations / keptIterations));
    if (evaluation) this.points.push({ iteration, epoch, loss, penalty, ...evaluation });
    else if (iteration % interval === 0) this.points.push({ iteration, epoch, loss, penalty, nfe });
  }
}
