import { Random } from "../compiler/random.js";
import { epochBatches } from "../data/batches.js";

/** One iteration of a training. */
export interface Iteration {
  /** 1, 2, ... */
  readonly iteration: number;
  /** Positions of the batch's samples. */
  readonly positions: Int32Array;
  /** Fraction of the training that is done, for weights that change: 0 at the first iteration. */
  readonly progress: number;
  readonly endsEpoch: boolean;
}

/** How a training is cut into iterations. */
export interface IterationOptions {
  /** Samples in the set. */
  readonly count: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Decides the order of the samples. */
  readonly seed: number;
  /** Whether `progress` changes with every iteration, up to 1 at the last, or only with every epoch. */
  readonly annealing: "iteration" | "epoch";
}

/**
 * Iterations in an epoch, the last of them perhaps with a smaller batch.
 *
 * @throws RangeError when a count is not a positive whole number.
 */
export function iterationsPerEpoch({ count, batchSize, epochs }: IterationOptions): number {
  for (const [name, value] of Object.entries({ count, batchSize, epochs })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`train: ${name} must be a whole number, at least 1, got ${value}`);
    }
  }
  return Math.ceil(count / batchSize);
}

/** All iterations in order; each epoch goes over every sample once. */
export function* trainingIterations(options: IterationOptions): Generator<Iteration> {
  const { count, batchSize, epochs, seed, annealing } = options;
  const perEpoch = iterationsPerEpoch(options);
  const last = Math.max(1, epochs * perEpoch - 1);
  const random = new Random(seed);
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const positions of epochBatches(count, batchSize, random.split(`epoch ${epoch}`))) {
      const progress = annealing === "epoch" ? epoch / epochs : done / last;
      done++;
      yield { iteration: done, positions, progress, endsEpoch: done % perEpoch === 0 };
    }
  }
}
