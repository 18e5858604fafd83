/** Plain numbers on one iteration. */
export interface TrainingProgress {
  /** 1, 2, ...; 0 before the first. */
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
  /** Fraction of the batch classified rightly. */
  readonly batchAccuracy: number;
  /** Seconds of training so far, without evaluations. */
  readonly seconds: number;
  /** Estimate of the seconds of training that are left. */
  readonly secondsLeft: number;
  /** There after each epoch, and before the first iteration. */
  readonly evaluation?: EpochEvaluation;
}

/** What is measured after every epoch. */
export interface EpochEvaluation {
  /** On the validation images. */
  readonly accuracy: number;
  /** Of a solve of the first batch of the training set, in file order: the same images each time. */
  readonly nfe: number;
}
