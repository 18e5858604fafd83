import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liveNodes, resultsOf } from "../../../src/compiler/graph/graph.js";
import { linspace, type NdArray } from "../../../src/compiler/nd-array.js";
import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import { eulerMaruyama } from "../../../src/solvers/sde/euler-maruyama.js";
import { milstein } from "../../../src/solvers/sde/milstein.js";
import { brownianPath } from "../../../src/solvers/sde/noise-paths.js";
import { placeSdeProblem } from "../../../src/solvers/sde/placed-sde-problem.js";
import { SdeGraphs } from "../../../src/solvers/sde/sde-graphs.js";
import { solveSdeValues } from "../../../src/solvers/sde/sde-integration.js";
import { checkedSdeOptions, type SdeOptions } from "../../../src/solvers/sde/sde-options.js";
import { sdeProblem, sdeSignatureOf } from "../../../src/solvers/sde/sde-problem.js";
import { sdeMethodOf } from "../../../src/solvers/sde/sde-programs.js";
import { integrateSde, solveSde } from "../../../src/solvers/sde/solve-sde.js";
import { solveSdeVjp } from "../../../src/solvers/sde/solve-sde-vjp.js";
import { allStochasticTableaux } from "../../../src/solvers/sde/tableaux/all-stochastic-tableaux.js";
import { countingTarget } from "../../laws/counting-target.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { boundedNoise } from "./bounded-noise.js";
import { neuralNoise } from "./neural-noise.js";

const problem = boundedNoise("diagonal", [0.5, -0.3, 0.9], [1.5, 0.5, 0.2], [0, 2]);
const tolerances = fc.double({ min: -2.5, max: -0.5, noNaN: true }).map((exponent) => 10 ** exponent);

describe("what a solve costs", () => {
  it("is what its method evaluates at every attempt, and two evaluations for the first step", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...allStochasticTableaux),
        tolerances,
        fc.nat(),
        fc.option(fc.double({ min: 1e-3, max: 2, noNaN: true }), { nil: undefined }),
        (method, rtol, seed, firstStep) => {
          const own = boundedNoise(method.noise, [0.5, -0.3], [1.5, 0.5, 0.2], [0, 1]);
          const options = {
            method,
            rtol,
            atol: rtol,
            seed,
            firstStep,
            maxSteps: 300,
            target: javascriptTarget,
          };
          const { stats, steps, stepTimes } = solveSde(own, options);
          const before = firstStep === undefined ? 2 : 0;
          const { drift, diffusion } = method.evaluations;
          expect(stats.nfe).toEqual({
            drift: before + drift * steps.length,
            diffusion: before + diffusion * steps.length,
          });
          expect(stats.accepted + stats.rejected).toBe(steps.length);
          expect(stepTimes).toHaveLength(stats.accepted + 1);
          // a step grows by an eighth at most, and is taken if and only if its error is within the tolerances
          steps.forEach(({ h, error, accepted }, i) => {
            expect(accepted).toBe(error <= 1);
            if (i > 0) expect(h).toBeLessThanOrEqual(steps[i - 1].h * (9 / 8) * (1 + 1e-9));
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([...allStochasticTableaux, eulerMaruyama, milstein])(
    "by $name counts what is computed",
    (method) => {
      const counted = sdeProblem({
        drift: (_, y) => tf.tanh(y),
        diffusion: (t, y) => tf.exp(tf.mul(t, method.noise === "additive" ? tf.onesLike(y) : y)),
        y0: [0.5, 1],
        span: [0, 1],
        noise: method.noise,
      });
      const graph = new SdeGraphs(sdeSignatureOf(counted), sdeMethodOf(method)).step();
      const operations = liveNodes(resultsOf(graph)).map(({ operation }) => operation);
      const count = (name: string): number => operations.filter((each) => each === name).length;
      expect({ drift: count("tanh"), diffusion: count("exp") }).toEqual(method.evaluations);
    },
  );
});

describe("the automatic first step", () => {
  it("is that of StochasticDiffEq", () => {
    const state = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(state, state, tolerances, (a, b, tolerance) => {
        const own = boundedNoise("diagonal", [a, b], [1.5, 0.5, 0.2], [0, 2]);
        const [{ h }] = solveSde(own, { rtol: tolerance, atol: tolerance, target: javascriptTarget }).steps;
        expect(h).toBeAllclose(referenceFirstStep([a, b], tolerance), { relative: 1e-9 });
      }),
      { numRuns: 50 },
    );
  });

  /** sde_determine_initdt of StochasticDiffEq 6.30, in its own terms. */
  function referenceFirstStep(u0: readonly number[], tolerance: number): number {
    const [p0, p1, p2] = [1.5, 0.5, 0.2];
    const f = (u: number, t: number): number => -p0 * u * (1 - u * u) + t / 10;
    const g = (u: number, t: number): number => 3 * (p1 * (1 - u * u) + p2 * t);
    const rms = (values: readonly number[]): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    const either = (a: number, b: number): number => Math.max(Math.abs(a + b), Math.abs(a - b));
    const scale = u0.map((u) => tolerance + Math.abs(u) * tolerance);
    const d0 = rms(u0.map((u, i) => u / scale[i]));
    const d1 = rms(u0.map((u, i) => either(f(u, 0), g(u, 0)) / scale[i]));
    const h0 = Math.min(d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : d0 / d1 / 100, 2);
    const change = u0.map((u, i) => {
      const u1 = u + h0 * f(u, 0);
      return either(f(u1, h0) - f(u, 0), either(g(u, 0), g(u1, h0))) / scale[i];
    });
    const d2 = rms(change) / h0;
    const steepest = Math.max(d1, d2);
    const h1 = steepest <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : 10 ** (-(2 + Math.log10(steepest)) / 2);
    return Math.min(100 * h0, h1, 2);
  }
});

describe("saved states", () => {
  it("lie on straight lines between the steps, and do not change them", () => {
    const own = neuralNoise(1);
    const free = solveSde(own, { seed: 2 });
    const ends = solveSde(own, { seed: 2, saveAt: [...free.stepTimes] });
    const between = Array.from(free.stepTimes.slice(1), (end, i) => 0.25 * free.stepTimes[i] + 0.75 * end);
    const inside = solveSde(own, { seed: 2, saveAt: between });
    expect([ends.stepTimes, inside.stepTimes]).toEqual([free.stepTimes, free.stepTimes]);
    expect(ends.ts).toEqual(free.stepTimes);
    const row = ({ shape: [, ...shape], data }: NdArray, i: number): number[] => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [...data.subarray(i * size, (i + 1) * size)];
    };
    for (const leaf of [(y: typeof ends.ys) => y.position, (y: typeof ends.ys) => y.speed.value]) {
      between.forEach((_, i) => {
        const [from, to] = [row(leaf(ends.ys), i), row(leaf(ends.ys), i + 1)];
        const wanted = from.map((value, k) => 0.25 * value + 0.75 * to[k]);
        expect(row(leaf(inside.ys), i)).toBeAllclose(wanted, { relative: 1e-9 });
      });
    }
  });
});

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  it("the same seed gives the same path, and the same solution up to rounding", () => {
    const grid = linspace(0, 2, 21).slice(1);
    const { precision } = target;
    const wanted = solveSde(problem, { seed: 7, grid, target: "javascript" });
    const found = solveSde(problem, { seed: 7, grid, target, precision });
    expect(found.path.values()).toEqual(wanted.path.values());
    expect(found.y1).toBeAllclose(wanted.y1, { relative: precision === "float64" ? 1e-11 : 1e-4 });
  });

  it("a solve that chooses its steps can be replayed along its path", () => {
    const { precision } = target;
    const first = solveSde(problem, { seed: 3, firstStep: 1, rtol: 0.05, atol: 0.05, target, precision });
    expect(first.stats.rejected).toBeGreaterThan(0);
    const grid = [...first.stepTimes.slice(1)];
    const again = solveSde(problem, { path: first.path, grid, target, precision });
    expect(again.y1).toEqual(first.y1);
  });
});

describe("finer steps along one path", () => {
  it("come to the same solution", () => {
    const path = brownianPath(problem, { seed: 11 });
    const solved = (count: number) =>
      solveSde(problem, { path, grid: linspace(0, 2, count + 1).slice(1) }).y1.data;
    const fine = solved(512);
    const distances = [8, 32, 128].map((count) => {
      const coarse = solved(count);
      return Math.hypot(...Array.from(fine, (value, i) => value - coarse[i]));
    });
    expect(distances[1]).toBeLessThan(distances[0] / 3);
    expect(distances[2]).toBeLessThan(distances[1] / 3);
  });
});

describe("every value is freed once", () => {
  const cases: [string, SdeOptions][] = [
    ["that succeeds", {}],
    ["that rejects steps", { firstStep: 1 }],
    ["with saved states", { saveAt: [0, 0.3, 1] }],
    ["on a grid", { grid: [0.5, 1] }],
    ["that runs out of steps", { maxSteps: 2 }],
    ["that is stopped", { signal: AbortSignal.abort() }],
  ];

  // the counting target throws at a value that is freed twice, or used after
  it.each(cases)("by a solve %s", (_, options) => {
    const target = countingTarget();
    solveSde(neuralNoise(2), { ...(options as object), target });
    expect(target.values).toBe(0);
    for (const { t } of integrateSde(neuralNoise(2), { ...(options as object), target })) if (t >= 0) break;
    expect(target.values).toBe(0);
  });

  it.each(cases.slice(0, 4))("by a differentiated solve %s", (_, options) => {
    const target = countingTarget();
    const { pullback, dispose, solution } = solveSdeVjp(neuralNoise(2), { ...(options as object), target });
    const before = target.values;
    pullback({ y1: solution.y1, error: new Float64Array(solution.stats.accepted).fill(1) });
    const keptByPrograms = 4; // zeros of state and parameters
    expect(target.values).toBe(before + keptByPrograms);
    pullback({});
    dispose();
    expect(target.values).toBe(keptByPrograms);
  });
});

describe("a solve on values", () => {
  it("along a path that forgets comes to the same end", () => {
    const { sde, start, release } = placeSdeProblem(problem, { seed: 9, target: "javascript" });
    const checked = checkedSdeOptions(problem, { rtol: 0.05, atol: 0.05, firstStep: 1 });
    const ends = [true, false].map((remembersPath) => {
      const path = brownianPath(problem, { seed: 9 });
      const options = { ...checked, tape: false, remembersPath };
      const { state, steps, stats, release: free } = solveSdeValues(sde, { ...start, path }, options);
      const end = sde.target.get(state[0]);
      free();
      expect(stats.rejected).toBeGreaterThan(0);
      // where steps were rejected the path was seen, too
      const [least, most] = remembersPath ? [stats.accepted + 1, steps.length + 1] : [1, 1];
      expect(path.times.length).toBeGreaterThanOrEqual(least);
      expect(path.times.length).toBeLessThanOrEqual(most);
      return end;
    });
    release();
    expect(ends[1]).toEqual(ends[0]);
  });
});

describe("step by step", () => {
  it("is what it is at once", () => {
    const steps = integrateSde(problem, { seed: 5 });
    const records = [];
    let result = steps.next();
    for (; !result.done; result = steps.next()) records.push(result.value);
    const atOnce = solveSde(problem, { seed: 5 });
    expect(records).toEqual(atOnce.steps);
    expect(result.value.y1).toEqual(atOnce.y1);
  });
});
