/** A number that changes during training, by the fraction of it that is done: 0 at the first iteration, 1 at the last. */
export type Schedule = (progress: number) => number;

/** The same number throughout. */
export function constant(value: number): Schedule {
  return () => value;
}

/**
 * Exponential decay from one number to another over the whole training (Pal et al., ICML 2021, anneal the penalty's weight
 * so).
 *
 * @throws RangeError when a number is not positive.
 */
export function annealed(from: number, to: number): Schedule {
  if (!(from > 0 && to > 0))
    throw new RangeError(`annealed: both weights must be positive, got ${from} and ${to}`);
  return (progress) => from * (to / from) ** progress;
}

/** The same learning rate throughout, or one that changes with the iteration: 1, 2, ... */
export type LearningRate = number | ((iteration: number) => number);

/** The learning rate of an iteration. */
export function learningRateAt(learningRate: LearningRate, iteration: number): number {
  return typeof learningRate === "number" ? learningRate : learningRate(iteration);
}

/** Options of {@link steppedRate}. */
export interface SteppedRateOptions {
  readonly from: number;
  readonly factor: number;
  /** Each time that so many iterations are done, the rate is multiplied by the factor. */
  readonly after: readonly number[];
}

/** A learning rate that drops at certain iterations (Kelly et al., NeurIPS 2020: 0.1, times 0.1 after 60, 100 and 140 epochs). */
export function steppedRate({ from, factor, after }: SteppedRateOptions): LearningRate {
  return (iteration) => from * factor ** after.filter((done) => iteration > done).length;
}

/** Options of {@link decayedRate}. */
export interface DecayedRateOptions {
  readonly from: number;
  readonly factor: number;
  readonly floor: number;
}

/**
 * A learning rate that is multiplied by a factor after every iteration, down to a floor (Rubanova et al., NeurIPS 2019:
 * 0.01, times 0.999, down to 0.001).
 */
export function decayedRate({ from, factor, floor }: DecayedRateOptions): LearningRate {
  return (iteration) => Math.max(from * factor ** (iteration - 1), floor);
}
