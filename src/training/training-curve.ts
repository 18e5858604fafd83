import type { Measures } from "./task.js";
import type { TrainingProgress } from "./training-progress.js";

/** One point of a training's curve; where there was an evaluation, its measures stand beside and its `nfe` instead. */
export interface CurvePoint extends Measures {
  readonly iteration: number;
  readonly epoch: number;
  /** Loss of the batch, without penalties. */
  readonly loss: number;
  /** Weighted penalties. */
  readonly penalty: number;
  readonly nfe: number;
}

/** About so many iterations are kept, and every evaluation beside them. */
const keptIterations = 64;

/** A training's progress, thinned to a curve of limited length. */
export class TrainingCurve {
  private kept: CurvePoint[];

  /** @param points where an earlier curve is to go on. */
  constructor(points: readonly CurvePoint[] = []) {
    this.kept = [...points];
  }

  /** The curve so far. */
  get points(): readonly CurvePoint[] {
    return this.kept;
  }

  /** Keeps an iteration, if it is one of those to keep. */
  add({ iteration, iterations, epoch, loss, penalty, nfe, evaluation }: TrainingProgress): void {
    const interval = Math.max(1, Math.round(iterations / keptIterations));
    if (!evaluation && iteration % interval !== 0) return;
    this.kept.push({ iteration, epoch, loss, penalty, nfe, ...evaluation });
  }

  /** Forgets what came after an iteration. */
  rewind(iteration: number): void {
    this.kept = this.kept.filter((point) => point.iteration <= iteration);
  }
}
