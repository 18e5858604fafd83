import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { horizonOf } from "../../src/models/horizon.js";
import { steer } from "../../src/regularizers/steer.js";
import { anySeed } from "../laws/numbers.js";
import { PenalisedField } from "./penalised-field.js";
import { fieldNames, smallFields } from "./small-fields.js";

const number = fc.double({ min: -3, max: 3, noNaN: true });

/** Any span, forwards or backwards, and times in it in order. */
const horizons = fc
  .record({ start: number, length: fc.double({ min: 0.1, max: 3, noNaN: true }), backwards: fc.boolean() })
  .chain(({ start, length, backwards }) => {
    const end = backwards ? start - length : start + length;
    return fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
      .map((fractions) => ({
        span: [start, end] as const,
        saveAt: fractions.sort((a, b) => a - b).map((fraction) => start + fraction * (end - start)),
      }));
  });

describe("STEER", () => {
  it("moves the end by less than its width, either way, each distance equally likely", () => {
    fc.assert(
      fc.property(
        horizons,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        anySeed,
        ({ span }, part, seed) => {
          const width = part * Math.abs(span[1] - span[0]);
          const { horizon } = steer({ width });
          const random = new Random(seed);
          const moves = Array.from(
            { length: 400 },
            () => (horizon({ span }, random).span[1] - span[1]) / width,
          );
          expect(moves.every((move) => move >= -1 - 1e-9 && move <= 1 + 1e-9)).toBe(true);
          const sorted = moves.sort((a, b) => a - b);
          const distance = Math.max(...sorted.map((move, i) => Math.abs((move + 1) / 2 - i / sorted.length)));
          // Kolmogorov and Smirnov's statistic exceeds 2.8 / sqrt(n) with probability 3e-7
          expect(distance).toBeLessThan(2.8 / Math.sqrt(sorted.length));
          expect(horizon({ span }, random).span[0]).toBe(span[0]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("moves saved times by up to half the distance to the one before, in order and in the span, which stays", () => {
    fc.assert(
      fc.property(horizons, anySeed, (times, seed) => {
        const { span, saveAt } = times;
        const moved = steer({ width: 1 }).horizon(times, new Random(seed));
        expect(moved.span).toBe(span);
        const direction = Math.sign(span[1] - span[0]);
        expect(moved.saveAt?.[0]).toBe(saveAt[0]);
        moved.saveAt?.forEach((time, i, all) => {
          const before = all[i - 1] ?? span[0];
          expect((time - before) * direction).toBeGreaterThanOrEqual(0);
          expect((span[1] - time) * direction).toBeGreaterThanOrEqual(0);
          const most = Math.abs(saveAt[i] - (saveAt[i - 1] ?? saveAt[i])) / 2 + 1e-12;
          // a time may be pushed on by the one before
          if (time !== before) expect(Math.abs(time - saveAt[i])).toBeLessThanOrEqual(most);
        });
      }),
    );
  });

  it("draws the same times for everybody who asks in one context, others in the next", () => {
    const times = { span: [0, 1] as const };
    const contextOf = (seed: number) => {
      return {
        differentiate: true,
        regularizers: [steer({ width: 0.5 })],
        progress: 0,
        random: new Random(seed),
      };
    };
    const context = contextOf(1);
    expect(horizonOf(context, times)).toEqual(horizonOf(context, times));
    expect(horizonOf(contextOf(2), times)).not.toEqual(horizonOf(context, times));
  });

  it("solves to the moved end", () => {
    fc.assert(
      fc.property(smallFields(fieldNames[1]), anySeed, (small, seed) => {
        const regularizers = [steer({ width: 0.4 })];
        const random = new Random(seed);
        const field = new PenalisedField(small);
        const { steps, written } = field.pass(regularizers, { random });
        const context = { differentiate: true, regularizers, progress: 0, random };
        const { span } = horizonOf(context, { span: [0, 1] });
        const plain = new PenalisedField(small, { span });
        const last = steps[steps.length - 1];
        expect(last.t + last.h).toBeAllclose(span[1]);
        expect(written.final).toBeAllclose(plain.pass([]).written.final);
        for (const each of [field, plain]) each.dispose();
      }),
      { numRuns: 3 },
    );
  });

  it("refuses widths that are not positive, or not below the length of the span", () => {
    expect(() => steer({ width: 0 })).toThrow("width must be positive, got 0");
    expect(() => steer({ width: 1 }).horizon({ span: [0, 1] }, new Random(1))).toThrow(
      "width must be below the length of the span, 1, got 1",
    );
  });
});
