import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Repetition } from "../../bench/repetition.js";

/** Work that takes the given milliseconds on a clock that stands still otherwise; counts its runs. */
function workOf(milliseconds: number) {
  let now = 0;
  let runs = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  return {
    runs: () => runs,
    run: () => {
      now += milliseconds;
      return ++runs;
    },
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("repetitions of a piece of work", () => {
  test("tell the time of one run, whatever its length, and the last outcome", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 5e3, noNaN: true }), (milliseconds) => {
        const work = workOf(milliseconds);
        const { milliseconds: times, outcome } = new Repetition(work.run).measure(3);
        for (const time of times) expect(time / milliseconds).toBeCloseTo(1, 6);
        expect(outcome).toBe(work.runs());
      }),
    );
  });

  test("of short work last long enough to be measured, of long work no longer than one run", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 900, noNaN: true }), (milliseconds) => {
        const work = workOf(milliseconds);
        const repetition = new Repetition(work.run);
        repetition.measure(1); // learns how often
        const before = work.runs();
        repetition.measure(3);
        const lasted = ((work.runs() - before) / 4) * milliseconds;
        expect(lasted).toBeGreaterThanOrEqual(10 * (1 - 1e-9));
        expect(lasted).toBeLessThanOrEqual(10 + milliseconds);
      }),
    );
  });

  test("of work that takes seconds: its first run counts, and is the only one", () => {
    const work = workOf(4000);
    expect(new Repetition(work.run).measure(3).milliseconds).toEqual([4000]);
    expect(work.runs()).toBe(1);
  });
});
