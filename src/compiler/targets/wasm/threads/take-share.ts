/**
 * The number of a share of the current stage that is now the caller's to compute; -1 when none is left.
 *
 * Workers get this function as source text: it must refer to nothing outside itself.
 *
 * @param claim index of the word whose lowest bits count the shares that nobody has taken
 */
export function takeShare(control: Int32Array, claim: number, shareBits: number): number {
  for (;;) {
    const seen = Atomics.load(control, claim);
    const left = seen & ((1 << shareBits) - 1);
    if (left === 0) return -1;
    if (Atomics.compareExchange(control, claim, seen, seen - 1) === seen) return left - 1;
  }
}
