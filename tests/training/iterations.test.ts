import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iterationsPerEpoch, trainingIterations } from "../../src/training/iterations.js";

const plans = fc.record({
  count: fc.integer({ min: 1, max: 30 }),
  batchSize: fc.integer({ min: 1, max: 40 }),
  epochs: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
  annealing: fc.constantFrom("iteration" as const, "epoch" as const),
});

describe("a training's iterations", () => {
  it("go over every sample once in each epoch", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        let seen: number[] = [];
        let epochs = 0;
        for (const { positions, endsEpoch } of trainingIterations(plan)) {
          expect(positions.length).toBeLessThanOrEqual(plan.batchSize);
          seen.push(...positions);
          if (!endsEpoch) continue;
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: plan.count }, (_, i) => i));
          seen = [];
          epochs++;
        }
        expect(seen).toEqual([]);
        expect(epochs).toBe(plan.epochs);
      }),
    );
  });

  it("are numbered from 1 to epochs times iterations per epoch", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const numbers = [...trainingIterations(plan)].map(({ iteration }) => iteration);
        const total = plan.epochs * iterationsPerEpoch(plan);
        expect(numbers).toEqual(Array.from({ length: total }, (_, i) => i + 1));
      }),
    );
  });

  it("progress from 0 to 1 by equal parts, or by epochs from 0 to the last one's start", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const all = [...trainingIterations(plan)];
        const perEpoch = iterationsPerEpoch(plan);
        const expected = all.map((_, i) =>
          plan.annealing === "epoch"
            ? Math.floor(i / perEpoch) / plan.epochs
            : i / Math.max(1, all.length - 1),
        );
        expect(all.map(({ progress }) => progress)).toEqual(expected);
      }),
    );
  });

  it("have the same batches for the same seed, however weights change, and others for another", () => {
    const plan = { count: 40, batchSize: 7, epochs: 2, seed: 3, annealing: "iteration" } as const;
    const batches = (change: object) =>
      [...trainingIterations({ ...plan, ...change })].map((each) => [...each.positions]);
    expect(batches({ annealing: "epoch" })).toEqual(batches({}));
    expect(batches({ seed: 4 })).not.toEqual(batches({}));
    const [first, second] = [batches({}).slice(0, 6), batches({}).slice(6)];
    expect(second).not.toEqual(first);
  });

  it.each(["count", "batchSize", "epochs"])(
    "cannot be made of a %s that is no positive whole number",
    (name) => {
      const plan = { count: 4, batchSize: 2, epochs: 1, seed: 1, annealing: "epoch" } as const;
      for (const wrong of [0, -1, 1.5, Number.NaN]) {
        expect(() => iterationsPerEpoch({ ...plan, [name]: wrong })).toThrow(
          `train: ${name} must be a whole number, at least 1, got ${wrong}`,
        );
      }
    },
  );
});
