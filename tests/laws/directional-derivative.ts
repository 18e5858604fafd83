/**
 * Derivative at 0 of a function of one number, from five points: the error is of order step^4, plus rounding of f over the step.
 */
export function derivativeAtZero(f: (distance: number) => number, step: number): number {
  const difference = (distance: number): number => f(distance) - f(-distance);
  return (8 * difference(step) - difference(2 * step)) / (12 * step);
}
