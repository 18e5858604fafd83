import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { type IterationPlan, iterationAt, requireCounts } from "../../src/training/iterations.js";

const plans = fc
  .record({
    iterationsPerEpoch: fc.integer({ min: 1, max: 30 }),
    epochs: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
    annealing: fc.constantFrom("iteration" as const, "epoch" as const),
  })
  .map(({ epochs, seed, ...plan }) => ({
    ...plan,
    iterations: epochs * plan.iterationsPerEpoch,
    regularizers: [],
    random: new Random(seed),
  }));

/** All iterations of a plan, in order. */
function all(plan: IterationPlan) {
  return Array.from({ length: plan.iterations }, (_, i) => iterationAt(plan, i + 1));
}

describe("a training's iterations", () => {
  it("are numbered from 1, and fill one epoch after the other", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        all(plan).forEach(({ number, epoch, place }, i) => {
          expect(number).toBe(i + 1);
          expect(epoch * plan.iterationsPerEpoch + place).toBe(i);
          expect(place).toBeLessThan(plan.iterationsPerEpoch);
        });
      }),
    );
  });

  it("progress from 0 to 1 by equal parts, or by epochs from 0 to the last one's start", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const epochs = plan.iterations / plan.iterationsPerEpoch;
        const expected = all(plan).map(({ epoch }, i) =>
          plan.annealing === "epoch" ? epoch / epochs : i / Math.max(1, plan.iterations - 1),
        );
        expect(all(plan).map(({ context }) => context.progress)).toEqual(expected);
      }),
    );
  });

  it("draw from streams of their own, whatever was drawn before, and share that of their epoch", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const draws = all(plan).map(({ context }) => context.random.uniform());
        expect(new Set(draws).size).toBe(plan.iterations);
        const again = all(plan).reverse();
        expect(again.map(({ context }) => context.random.uniform()).reverse()).toEqual(draws);
        const epochs = all(plan).map(({ epoch, epochRandom }) => `${epoch} ${epochRandom.uniform()}`);
        expect(new Set(epochs).size).toBe(plan.iterations / plan.iterationsPerEpoch);
      }),
    );
  });

  it("cannot be counted by a number that is no positive whole one", () => {
    for (const wrong of [0, -1, 1.5, Number.NaN]) {
      expect(() => requireCounts({ right: 1, wrong })).toThrow(
        `train: wrong must be a whole number, at least 1, got ${wrong}`,
      );
    }
  });
});
