/** Indices of the words by which threads speak with each other. */
export const controlWords = {
  /** Grows with every stage to be run: what sleeping workers wait for. */
  epoch: 0,
  /** How many workers sleep, or are about to. */
  sleepers: 1,
  /** Lowest bits: shares of the current stage that nobody has taken; above them a number that tells stages apart. */
  claim: 2,
  /** Shares of the current stage that are done: what the main thread waits for. */
  finished: 3,
  /** Whether the main thread sleeps, or is about to. */
  mainSleeps: 4,
  /** The current stage. */
  stage: 5,
  /** Whether a share of the current stage has failed; the error is in the mail. */
  failed: 6,
  /** Grows with every message to the workers. */
  mail: 7,
  /** Whether the workers are to end. */
  stop: 8,
  /** Whether a worker has ended. */
  ended: 9,
} as const;

/** Their names and indices. */
export type ControlWords = typeof controlWords;

/** How many words there are. */
export const controlLength = 16;

/** Bits of the claim that count shares. */
export const shareBits = 12;

/** Most shares that a stage may have. */
export const mostShares = 2 ** shareBits - 1;
