import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { BrownianPath } from "../../../src/solvers/sde/brownian-path.js";
import { sdeProblem } from "../../../src/solvers/sde/sde-problem.js";
import { solveSde } from "../../../src/solvers/sde/solve-sde.js";
import { sosra2 } from "../../../src/solvers/sde/tableaux/sosra2.js";
import { sosri } from "../../../src/solvers/sde/tableaux/sosri.js";
import type { StochasticTableau } from "../../../src/solvers/sde/tableaux/stochastic-tableau.js";

/** Ornstein and Uhlenbeck's process, one path at a time, and its distribution at the end. */
const [start, level, end] = [2, 0.5, 2];
const process = sdeProblem({
  drift: (_, y) => tf.sub(level, y),
  diffusion: (_, y) => tf.onesLike(y),
  y0: start,
  span: [0, end],
  noise: "additive",
});
const mean = level + (start - level) * Math.exp(-end);
const variance = (1 - Math.exp(-2 * end)) / 2;

const layout = { structure: { paths: [""] }, shapes: [[]] };
const remembering = (seed: number) => new BrownianPath<number>(layout, 0, new Random(seed));

/** Draws the noise of every attempt anew, whatever was seen of it before. */
function forgetting(seed: number): BrownianPath<number> {
  const random = new Random(seed);
  const increment = (from: number, to: number) => new BrownianPath(layout, from, random).increment(from, to);
  return { layout, increment } as unknown as BrownianPath<number>;
}

/** How far mean and variance of many solves are from the true ones, in standard errors. */
function deviations(
  method: StochasticTableau,
  tolerance: number,
  firstStep: number,
  path: typeof remembering,
): { mean: number; variance: number; rejected: number } {
  const count = 4000;
  const ends: number[] = [];
  let rejected = 0;
  for (let seed = 0; seed < count; seed++) {
    const options = { method, firstStep, rtol: tolerance, atol: tolerance, target: "javascript" } as const;
    const { y1, stats } = solveSde(process, { ...options, path: path(seed) });
    ends.push(y1.data[0]);
    rejected += stats.rejected / count;
  }
  const average = ends.reduce((sum, each) => sum + each, 0) / count;
  const spread = ends.reduce((sum, each) => sum + (each - average) ** 2, 0) / (count - 1);
  return {
    mean: (average - mean) / Math.sqrt(variance / count),
    variance: (spread / variance - 1) / Math.sqrt(2 / count),
    rejected,
  };
}

describe("rejected steps", () => {
  it.each([
    { method: sosri, tolerance: 0.5, firstStep: 1 },
    { method: sosra2, tolerance: 0.3, firstStep: 0.5 },
  ])("by $method.name leave mean and variance as they are", ({ method, tolerance, firstStep }) => {
    const found = deviations(method, tolerance, firstStep, remembering);
    expect(found.rejected).toBeGreaterThan(2);
    expect(Math.abs(found.mean)).toBeLessThan(3.5);
    expect(Math.abs(found.variance)).toBeLessThan(3.5);
  });

  it("would move the mean, were their noise drawn anew", () => {
    expect(Math.abs(deviations(sosri, 0.5, 1, forgetting).mean)).toBeGreaterThan(7);
  });
});
