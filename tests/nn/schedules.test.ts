import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annealed, constant } from "../../src/nn/schedules.js";

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
