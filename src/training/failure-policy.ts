/**
 * What becomes of a training when a solve fails or a number is not finite.
 *
 * - stop: a TrainingError.
 * - skip: the iteration changes nothing, and the next one follows.
 * - retry: back to the parameters of the last evaluation, and on from there with a learning rate multiplied by
 *   `learningRateFactor`, a number between 0 and 1.
 *
 * After `atMost` failures in one training, the next one stops it.
 */
export type FailurePolicy =
  | { readonly action: "stop" }
  | { readonly action: "skip"; readonly atMost: number }
  | { readonly action: "retry"; readonly atMost: number; readonly learningRateFactor: number };

/** A failure that a training survived. */
export interface Incident {
  /** The iteration that failed. */
  readonly iteration: number;
  /** What failed, in words. */
  readonly reason: string;
  readonly action: "skip" | "retry";
  /** The iteration after which the training went on. */
  readonly continuedAfter: number;
  /** What every learning rate is multiplied by from then on. */
  readonly learningRateFactor: number;
}

/** @throws RangeError naming the number of a policy that is wrong. */
export function requireFailurePolicy(policy: FailurePolicy): void {
  if (policy.action === "stop") return;
  const { atMost } = policy;
  if (!Number.isInteger(atMost) || atMost < 1) {
    throw new RangeError(`train: onFailure.atMost must be a whole number, at least 1, got ${atMost}`);
  }
  if (policy.action !== "retry") return;
  const { learningRateFactor: factor } = policy;
  if (!(factor > 0 && factor < 1)) {
    throw new RangeError(`train: onFailure.learningRateFactor must be between 0 and 1, got ${factor}`);
  }
}
