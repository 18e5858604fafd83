/** An error, and what it cost to get there. */
export interface CostOfError {
  readonly error: number;
  readonly cost: number;
}

/**
 * What an error costs, between two measured ones by their logarithms: on the way from loose tolerances to tight ones, where
 * it is reached for the first time. The cost of the first point if that reaches it already; undefined if none does.
 *
 * @param points in the order of their tolerances, the loosest first
 */
export function costAt(error: number, points: readonly CostOfError[]): number | undefined {
  const at = points.findIndex((point) => point.error <= error);
  if (at < 0) return undefined;
  const [before, after] = [points[at - 1], points[at]];
  if (!before || after.error === 0) return after.cost;
  const fraction = Math.log(before.error / error) / Math.log(before.error / after.error);
  return before.cost * (after.cost / before.cost) ** fraction;
}
