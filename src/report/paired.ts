import { studentTQuantile } from "./student-t.js";

/** Two measurements that share everything but what is compared: one seed, one data order, two methods. */
export interface Pair {
  readonly baseline: number;
  readonly treatment: number;
}

/** A mean over pairs, and what is known of its uncertainty. */
export interface PairedEstimate {
  readonly mean: number;
  /** Confidence interval of the mean; absent for a single pair, which tells nothing of the spread. */
  readonly interval?: { readonly low: number; readonly high: number; readonly level: number };
  readonly pairs: number;
}

/**
 * Mean of `treatment - baseline` over pairs, with its t-interval.
 *
 * The interval supposes that the differences are about normal; pairing removes what both sides owe to the seed.
 *
 * @param level Probability with which such intervals cover the true mean.
 * @throws {RangeError} If there are no pairs or a value is not finite.
 */
export function meanDifference(pairs: readonly Pair[], level = 0.95): PairedEstimate {
  return tInterval(
    pairs.map(({ baseline, treatment }) => finite(treatment) - finite(baseline)),
    level,
  );
}

/**
 * Geometric mean of `treatment / baseline` over pairs, with its interval: the t-interval of the log ratios.
 *
 * On the log scale the interval stays positive, and exchanging the two sides inverts mean and interval.
 *
 * @param level Probability with which such intervals cover the true mean.
 * @throws {RangeError} If there are no pairs or a value is not positive and finite.
 */
export function meanRatio(pairs: readonly Pair[], level = 0.95): PairedEstimate {
  const logs = pairs.map(
    ({ baseline, treatment }) => Math.log(positive(treatment)) - Math.log(positive(baseline)),
  );
  const { mean, interval, pairs: count } = tInterval(logs, level);
  return {
    mean: Math.exp(mean),
    interval: interval && { low: Math.exp(interval.low), high: Math.exp(interval.high), level },
    pairs: count,
  };
}

function tInterval(values: readonly number[], level: number): PairedEstimate {
  if (values.length === 0) throw new RangeError("a mean over pairs needs at least one pair, got none.");
  const mean = meanOf(values);
  if (values.length === 1) return { mean, pairs: 1 };
  const standardError = standardDeviation(values) / Math.sqrt(values.length);
  const halfWidth = studentTQuantile(level, values.length - 1) * standardError;
  return { mean, interval: { low: mean - halfWidth, high: mean + halfWidth, level }, pairs: values.length };
}

/** Arithmetic mean; NaN of no values. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation, with n - 1 in the denominator; NaN below two values. */
export function standardDeviation(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`paired values must be finite, got ${value}.`);
  return value;
}

function positive(value: number): number {
  if (!(value > 0)) throw new RangeError(`a ratio of paired values needs positive ones, got ${value}.`);
  return finite(value);
}
