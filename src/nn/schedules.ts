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
