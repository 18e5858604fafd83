/** A derivative by differences, and how far two step lengths disagree about it. */
export interface Estimate {
  readonly value: number;
  readonly uncertainty: number;
}

/** From long to short: a long step suffers least from rounding, a short one from kinks of the function nearby. */
const steps = [1e-3, 3e-4, 1e-4, 3e-5, 1e-5];

/** Derivative at 0 of a function of one number: of the neighbouring step lengths, the two that agree best. */
export function derivativeAtZero(f: (distance: number) => number): Estimate {
  const values = steps.map((step) => fivePointDifference(f, step));
  const pairs = values.slice(1).map((value, i) => ({ value, uncertainty: Math.abs(value - values[i]) }));
  return pairs.reduce((best, pair) => (pair.uncertainty < best.uncertainty ? pair : best));
}

/** Its error is of order step^4, plus the rounding of f over the step. */
function fivePointDifference(f: (distance: number) => number, step: number): number {
  const difference = (distance: number): number => f(distance) - f(-distance);
  return (8 * difference(step) - difference(2 * step)) / (12 * step);
}
