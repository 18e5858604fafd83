import { expect } from "vitest";

/** How far numbers may be apart: `relative` of the larger of them, or `absolute` if that is more. */
export interface Closeness {
  readonly relative?: number;
  readonly absolute?: number;
}

/** Two lists of numbers agree, number by number; the message shows the first that do not. */
export function expectClose(
  actual: Iterable<number>,
  wanted: Iterable<number>,
  { relative = 0, absolute = 0 }: Closeness,
  what = "numbers",
): void {
  const [left, right] = [[...actual], [...wanted]];
  expect(left.length, `count of ${what}`).toBe(right.length);
  left.forEach((value, i) => {
    if (Object.is(value, right[i])) return;
    const allowed = Math.max(absolute, relative * Math.max(Math.abs(value), Math.abs(right[i])));
    const apart = Math.abs(value - right[i]);
    expect(
      apart <= allowed,
      `${what} ${i}: ${value} and ${right[i]} are ${apart} apart, more than ${allowed}`,
    ).toBe(true);
  });
}
