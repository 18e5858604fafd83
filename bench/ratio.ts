/** A median and the interval that holds the distribution's median with at least 95 % confidence. */
export interface MedianEstimate {
  readonly median: number;
  readonly interval: readonly [low: number, high: number];
}

/** Fewer values than this have no 95 % interval: even their whole range holds the median less often. */
export const FEWEST_VALUES = 6;

/**
 * Median of independent measurements with its interval between two order statistics, which supposes nothing about
 * their distribution (Thompson 1936, "On confidence ranges for the median", Annals of Mathematical Statistics 7:122).
 *
 * @throws RangeError for fewer than {@link FEWEST_VALUES} values, or one that is not finite.
 */
export function medianWithInterval(values: readonly number[]): MedianEstimate {
  if (values.length < FEWEST_VALUES || !values.every(Number.isFinite)) {
    throw new RangeError(
      `a median's interval needs at least ${FEWEST_VALUES} finite values, got [${values.join(", ")}]: measure more rounds`,
    );
  }
  const sorted = [...values].sort((a, b) => a - b);
  const rank = lowerRank(sorted.length);
  return { median: medianOf(sorted), interval: [sorted[rank - 1], sorted[sorted.length - rank]] };
}

/** Median of one or more values, in any order. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The greatest r for which the r-th smallest and the r-th greatest of `count` values enclose the median with at least
 * 95 % probability: 1 - 2 P(B < r), where B, the number of values below the median, is binomial (count, 1/2).
 */
export function lowerRank(count: number): number {
  let probability = 0.5 ** count; // P(B = rank)
  let tail = 0; // P(B < rank)
  let rank = 0;
  while (tail + probability <= 0.025) {
    tail += probability;
    probability *= (count - rank) / (rank + 1);
    rank++;
  }
  return rank;
}
