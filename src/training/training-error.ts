/** Training cannot go on; the message says at which iteration, why, and what to change. */
export class TrainingError extends Error {
  override readonly name = "TrainingError";

  constructor(iteration: number, reason: string, options?: ErrorOptions) {
    const when = iteration === 0 ? "before the first iteration" : `at iteration ${iteration}`;
    super(
      `training stopped ${when}: ${reason}; a smaller learning rate or penalty weight may prevent it`,
      options,
    );
  }
}
