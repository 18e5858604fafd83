import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { linspace } from "../../../src/compiler/nd-array.js";
import { sdeProblem } from "../../../src/solvers/sde/sde-problem.js";
import { solveSde } from "../../../src/solvers/sde/solve-sde.js";

/**
 * Means and variances over 10,000 paths at the first five of 30 times from 0 to 1, to the digits that are known: the data of
 * the spiral of Pal et al. (ICML 2021), in the repository avik-pal/RegNeuralDE.jl. The signs are those of the data; equation
 * 15 of the paper has them the other way round.
 */
const publishedPaths = 10_000;
const published = [
  { means: [2, 1.971, 1.908, 1.738, 1.419], variances: [0, 0.0051, 0.0086, 0.0075, 0.0089] },
  { means: [0, 0.542, 1.05, 1.472, 1.739] },
];
const rounding = { mean: 6e-4, variance: 6e-5 };

describe("the published stochastic spiral", () => {
  it("has its means and variances", () => {
    const paths = 4000;
    const times = linspace(0, 1, 30).slice(0, 5);
    const spiral = sdeProblem({
      drift: (_, { x, y }) => {
        const [x3, y3] = [tf.pow(x, 3), tf.pow(y, 3)];
        return {
          x: tf.sub(tf.mul(x3, -0.1), tf.mul(y3, 2)),
          y: tf.sub(tf.mul(x3, 2), tf.mul(y3, 0.1)),
        };
      },
      diffusion: (_, { x, y }) => ({ x: tf.mul(x, 0.2), y: tf.mul(y, 0.2) }),
      y0: { x: new Array<number>(paths).fill(2), y: new Array<number>(paths).fill(0) },
      span: [0, times[4]],
    });
    const grid = linspace(0, times[4], 41).slice(1);
    const { ys } = solveSde(spiral, { seed: 1, grid, saveAt: times, target: "wasm" });
    [ys.x, ys.y].forEach(({ data }, component) => {
      const { means, variances } = published[component];
      times.forEach((_, i) => {
        const found = Array.from(data.subarray(i * paths, (i + 1) * paths));
        const mean = found.reduce((sum, value) => sum + value, 0) / paths;
        const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (paths - 1);
        const share = 1 / paths + 1 / publishedPaths;
        expect(Math.abs(mean - means[i])).toBeLessThan(4 * Math.sqrt(variance * share) + rounding.mean);
        if (variances) {
          const error = 4 * variance * Math.sqrt(2 * share);
          expect(Math.abs(variance - variances[i])).toBeLessThan(error + rounding.variance);
        }
      });
    });
  });
});
