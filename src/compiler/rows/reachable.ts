/** Everything that is reached from the start by following `next`, each thing once. */
export function reachable<T>(start: Iterable<T>, next: (item: T) => Iterable<T>): T[] {
  const seen = new Set(start);
  // a set may grow while it is read
  for (const item of seen) for (const other of next(item)) seen.add(other);
  return [...seen];
}
