/** So many pieces of one size. */
export interface Run {
  readonly count: number;
  readonly size: number;
}

/** A length in as few pieces as may be of at most so much each, of two sizes that differ by one. */
export function evenRuns(length: number, most: number): Run[] {
  const pieces = Math.ceil(length / most);
  const size = Math.ceil(length / pieces);
  const smaller = pieces * size - length;
  return [
    { count: pieces - smaller, size },
    { count: smaller, size: size - 1 },
  ].filter(({ count }) => count > 0);
}

/** The same in pieces that are multiples of a unit, but for the last, which ends where the length does. */
export function evenRunsOfUnits(length: number, most: number, unit: number): Run[] {
  const units = Math.ceil(length / unit);
  const runs = evenRuns(units, most / unit).map(({ count, size }) => ({ count, size: size * unit }));
  const excess = units * unit - length;
  const last = runs[runs.length - 1];
  if (excess === 0) return runs;
  const shortened = [
    { count: last.count - 1, size: last.size },
    { count: 1, size: last.size - excess },
  ];
  return [...runs.slice(0, -1), ...shortened.filter(({ count }) => count > 0)];
}
