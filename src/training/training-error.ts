import type { Incident } from "./failure-policy.js";

/** Training cannot go on; the message says at which iteration, why, and what to change. */
export class TrainingError extends Error {
  override readonly name = "TrainingError";

  /** @param incidents failures that the training had survived by its policy. */
  constructor(
    readonly iteration: number,
    reason: string,
    readonly incidents: readonly Incident[] = [],
    options?: ErrorOptions,
  ) {
    const when = iteration === 0 ? "before the first iteration" : `at iteration ${iteration}`;
    const earlier = incidents.length === 0 ? "" : ` (${incidents.length} earlier failures were let pass)`;
    super(
      `training stopped ${when}: ${reason}${earlier}; a smaller learning rate or penalty weight may prevent it`,
      options,
    );
  }
}
