import type { Evaluation, Measures } from "./task.js";

/** Plain numbers on one iteration. */
export interface TrainingProgress {
  /** 1, 2, ...; 0 before the first. Smaller than before where a training went back to retry. */
  readonly iteration: number;
  readonly iterations: number;
  /** Epochs done, with fraction. */
  readonly epoch: number;
  /** Mean loss of the batch, without penalties. */
  readonly loss: number;
  /** Weighted penalties. */
  readonly penalty: number;
  /** Function evaluations of this batch's solve. */
  readonly nfe: number;
  /** What else the task measures on a batch; of a classifier, `accuracy`. */
  readonly measures: Measures;
  /** Seconds of training so far, without evaluations. */
  readonly seconds: number;
  /** Estimate of the seconds of training that are left. */
  readonly secondsLeft: number;
  /** There before the first iteration, at every so many iterations, and after the last. */
  readonly evaluation?: Evaluation;
}
