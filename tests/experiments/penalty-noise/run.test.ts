import { describe, expect, it } from "vitest";
import { mnistOde } from "../../../src/experiments/mnist-ode/mnist-ode.js";
import { penaltyNoise } from "../../../src/experiments/penalty-noise/penalty-noise.js";
import { comparedSettings } from "../../../src/experiments/penalty-noise/settings.js";
import { experimentCharts } from "../../../src/report/experiment-charts.js";

const options = { method: "ernode", preset: "smoke", seed: 3, epochs: 1, precision: "float32" } as const;

describe("a run of penalty-noise", () => {
  it("is the training of mnist-ode, compared from its start to its end in every setting", async () => {
    const row = await penaltyNoise.run(options, { threads: 1 });
    const training = await mnistOde.run(options, { threads: 1 });
    expect(row.testAccuracy).toBe(training.testAccuracy);
    expect(row.nfe).toBe(training.nfe);
    const last = row.curve[row.curve.length - 1];
    expect(last.iteration).toBe(training.curve[training.curve.length - 1].iteration);
    expect(Object.keys(last).filter((name) => name.includes("cosine"))).toEqual([]);
    for (const { controller, tolerance } of comparedSettings) {
      const own = row.comparisons.filter(
        (each) => each.controller === controller && each.tolerance === tolerance,
      );
      const iterations = own.map(({ iteration }) => iteration);
      expect(iterations[0]).toBe(0);
      expect(iterations[iterations.length - 1]).toBe(last.iteration);
      expect(iterations).toEqual([...new Set(iterations)].sort((a, b) => a - b));
      for (const { cosine, lengthRatio } of own) {
        expect(Math.abs(cosine)).toBeLessThanOrEqual(1);
        expect(lengthRatio).toBeGreaterThan(0);
      }
    }
    expect(experimentCharts("penalty-noise", [row]).map(({ name }) => name)).toHaveLength(3);
  });

  it("is known by the training's configuration, and has no linear model", () => {
    const hash = (seed: number): string => penaltyNoise.identity({ ...options, seed }).configuration;
    expect(hash(3)).toBe(hash(3));
    expect(hash(4)).not.toBe(hash(3));
    expect(mnistOde.identity(options).configuration).not.toBe(hash(3));
    expect(() => penaltyNoise.identity({ ...options, method: "linear" })).toThrow(
      "penalty-noise: the method linear has no steps",
    );
  });
});
