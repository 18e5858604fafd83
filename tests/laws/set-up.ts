import fc from "fast-check";
import { expect } from "vitest";
import { type Closeness, type Comparable, differenceText } from "./all-close.js";

// the same cases at every run: a failure repeats
fc.configureGlobal({ seed: 20_220_620 });

expect.extend({
  toBeAllclose(actual: Comparable, expected: Comparable, closeness: Closeness = {}) {
    const difference = differenceText(actual, expected, closeness);
    return {
      pass: difference === undefined,
      message: () => difference ?? "expected the arrays to differ, but they are close",
    };
  },
});

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares its own parameter so
  interface Matchers<T = any> {
    /** Passes when every element lies within `relative |expected| + absolute` of the expected one. */
    toBeAllclose(expected: Comparable, closeness?: Closeness): T;
  }
}
