import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annealed, constant, decayedRate, learningRateAt, steppedRate } from "../../src/nn/schedules.js";

const weight = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const progress = fc.double({ min: 0, max: 1, noNaN: true });

describe("an annealed weight", () => {
  it("goes from the first to the last, by equal factors over equal parts of the training", () => {
    fc.assert(
      fc.property(weight, weight, progress, (from, to, at) => {
        const schedule = annealed(from, to);
        expect([schedule(0), schedule(1)]).toBeAllclose([from, to], { relative: 1e-12, absolute: 0 });
        expect(schedule(at) * schedule(1 - at)).toBeAllclose(from * to, { relative: 1e-9, absolute: 0 });
      }),
    );
  });

  it("never turns back", () => {
    fc.assert(
      fc.property(weight, weight, progress, progress, (from, to, a, b) => {
        const schedule = annealed(from, to);
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map(schedule);
        const change = (late - early) * Math.sign(to - from);
        expect(change).toBeGreaterThanOrEqual(-1e-12 * from);
      }),
    );
  });

  it.each([0, -1, Number.NaN])("cannot start or end at %s", (wrong) => {
    expect(() => annealed(wrong, 1)).toThrow("both weights must be positive");
    expect(() => annealed(1, wrong)).toThrow("both weights must be positive");
  });
});

describe("a constant weight", () => {
  it("is the same throughout", () => {
    fc.assert(
      fc.property(weight, progress, (value, at) => {
        expect(constant(value)(at)).toBe(value);
      }),
    );
  });
});

describe("a learning rate", () => {
  const iteration = fc.integer({ min: 1, max: 20_000 });
  const factor = fc.double({ min: 0.01, max: 1, noNaN: true });

  it("that is a number is the same at every iteration", () => {
    fc.assert(
      fc.property(weight, iteration, (rate, at) => {
        expect(learningRateAt(rate, at)).toBe(rate);
      }),
    );
  });

  it("by steps is multiplied by the factor once so many iterations are done, and nowhere else", () => {
    fc.assert(
      fc.property(weight, factor, fc.uniqueArray(iteration), iteration, (from, by, after, at) => {
        const rate = steppedRate({ from, factor: by, after });
        const [now, next] = [at, at + 1].map((n) => learningRateAt(rate, n));
        const expected = after.includes(at) ? by * now : now;
        expect(next).toBeAllclose(expected, { relative: 1e-9, absolute: 0 });
        expect(learningRateAt(rate, 1)).toBe(from);
      }),
    );
  });

  it("that decays is multiplied by the factor at every iteration, and stays at the floor", () => {
    fc.assert(
      fc.property(weight, factor, factor, iteration, (from, by, part, at) => {
        const floor = part * from;
        const rate = decayedRate({ from, factor: by, floor });
        const [now, next] = [at, at + 1].map((n) => learningRateAt(rate, n));
        expect(next).toBeAllclose(Math.max(by * now, floor), { relative: 1e-9, absolute: 0 });
        expect(learningRateAt(rate, 1)).toBe(from);
      }),
    );
  });
});
