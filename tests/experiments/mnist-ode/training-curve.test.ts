import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TrainingCurve } from "../../../src/experiments/mnist-ode/training-curve.js";

describe("a training's curve", () => {
  it("stays short, and keeps every evaluation", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (perEpoch, epochs) => {
        const iterations = perEpoch * epochs;
        const curve = new TrainingCurve();
        const at = { loss: 1, penalty: 0, nfe: 20, measures: {}, seconds: 1, secondsLeft: 1 };
        for (let iteration = 0; iteration <= iterations; iteration++) {
          const evaluation = iteration % perEpoch === 0 ? { accuracy: 0.9, nfe: 26 } : undefined;
          curve.add({ ...at, iteration, iterations, epoch: iteration / perEpoch, evaluation });
        }
        const evaluated = curve.points.filter(({ accuracy }) => accuracy !== undefined);
        expect(evaluated.map(({ epoch }) => epoch)).toEqual(Array.from({ length: epochs + 1 }, (_, i) => i));
        expect(evaluated.every(({ nfe }) => nfe === 26)).toBe(true);
        // every second iteration is the closest to 64 where there are 96 to 127
        expect(curve.points.length - evaluated.length).toBeLessThanOrEqual(96);
        const order = curve.points.map(({ iteration }) => iteration);
        expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
      }),
    );
  });
});
