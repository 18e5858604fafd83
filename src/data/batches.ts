import type { Random } from "../compiler/random.js";

/**
 * One epoch of mini-batches: every sample's position exactly once, in random order.
 *
 * The last batch holds what is left over, so it may be smaller. Give each epoch its own stream,
 * `random.split("epoch 3")`, and a run that is resumed there sees the same batches.
 *
 * @param count samples in the set
 * @param batchSize positions in a batch
 */
export function* epochBatches(count: number, batchSize: number, random: Random): Generator<Int32Array> {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`epochBatches: count must be a whole number of at least 0, got ${count}`);
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(`epochBatches: batchSize must be a whole number of at least 1, got ${batchSize}`);
  }
  const order = random.permutation(count);
  for (let start = 0; start < count; start += batchSize) yield order.subarray(start, start + batchSize);
}
