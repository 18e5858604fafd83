import { describe, expect, it } from "vitest";
import { allStochasticTableaux } from "../../../src/solvers/sde/tableaux/all-stochastic-tableaux.js";
import { sosri } from "../../../src/solvers/sde/tableaux/sosri.js";
import {
  type SraCoefficients,
  type SriCoefficients,
  type StochasticTableau,
  sraTableau,
  sriTableau,
} from "../../../src/solvers/sde/tableaux/stochastic-tableau.js";
import { double, doubles } from "../../reference-data.js";
import { stochasticReference } from "./stochastic-reference.js";

type Vector = readonly number[];
const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const times = (rows: readonly Vector[], v: Vector): number[] => rows.map((row) => dot(row, v));
const squared = (v: Vector): number[] => v.map((value) => value * value);

/**
 * What each condition of strong order 1.5 comes to, and what it should: Rößler, SIAM Journal on Numerical Analysis 48(3),
 * 2010, theorems 6.1 and 6.2 for scalar, diagonal and additive noise.
 */
function conditions({ noise, alpha, a0, b0, a1, b1, c1, beta }: StochasticTableau): [number, number][] {
  const ones = alpha.map(() => 1);
  const { dW, chi1, chi2, chi3 } = beta;
  const [a0e, b0e, a1e, b1e] = [a0, b0, a1, b1].map((rows) => times(rows, ones));
  const drift: [number, number][] = [
    [dot(alpha, ones), 1],
    [dot(alpha, a0e), 1 / 2],
    [dot(alpha, b0e), 1],
    [dot(alpha, squared(b0e)), 3 / 2],
  ];
  if (noise === "additive") {
    const ofNoise: [number, number][] = [
      [dot(dW, ones), 1],
      [dot(chi2, ones), 0],
      [dot(dW, c1), 1],
      [dot(chi2, c1), -1],
    ];
    return [...drift, ...ofNoise];
  }
  const wanted: [Vector, Vector][] = [
    [ones, [1, 0, 0, 0]],
    [b1e, [0, 1, 0, 0]],
    [a1e, [1, 0, -1, 0]],
    [squared(b1e), [1, 0, -1, 2]],
    [times(b1, b1e), [0, 0, 0, 1]],
  ];
  const ofNoise = wanted.flatMap(([v, values]) =>
    [dW, chi1, chi2, chi3].map((weights, i): [number, number] => [dot(weights, v), values[i]]),
  );
  const mixed = times(a1, b0e);
  return [...drift, ...ofNoise, [dot(dW, mixed) / 2 + dot(chi2, mixed) / 3, 0]];
}

describe.each(allStochasticTableaux)("the stochastic tableau of $name", (method) => {
  const reference = stochasticReference(method);

  it("has the coefficients of its paper", () => {
    const { a0, b0, a1, b1, c0, c1, alpha, beta } = method;
    expect([a0, b0]).toEqual([reference.A0.map(doubles), reference.B0.map(doubles)]);
    if (reference.A1 && reference.B1) {
      expect([a1, b1]).toEqual([reference.A1.map(doubles), reference.B1.map(doubles)]);
    }
    expect(alpha).toEqual(doubles(reference.alpha));
    const { beta1, beta2, beta3, beta4 } = reference;
    const noise = beta3 && beta4 ? [beta1, beta2, beta3, beta4] : [beta1, undefined, beta2, undefined];
    const none = alpha.map(() => "0");
    expect(Object.values(beta)).toEqual(noise.map((weights) => doubles(weights ?? none)));
    expect(c0).toBeAllclose(doubles(reference.c0), { absolute: 1e-12 });
    expect(c1).toBeAllclose(doubles(reference.c1), { absolute: 1e-12 });
  });

  it("has the reference's pair of stages and stability", () => {
    expect(method.stiffnessPair ? [method.stiffnessPair] : []).toEqual(reference.stiffness.pairs);
    expect(method.stabilitySize).toBeCloseTo(double(reference.drift_stability.real_axis_interval), 3);
  });

  it("satisfies every condition of strong order 1.5", () => {
    const all = conditions(method);
    expect(all).toHaveLength(method.noise === "additive" ? 8 : 25);
    for (const [value, wanted] of all) expect(value).toBeAllclose(wanted, { absolute: 1e-12 });
  });

  it("would not with any of its weights changed", () => {
    const { alpha, beta } = method;
    const fails = (changed: Partial<StochasticTableau>): boolean =>
      conditions({ ...method, ...changed }).some(([value, wanted]) => Math.abs(value - wanted) > 1e-6);
    for (let i = 0; i < method.stages; i++) {
      const moved = (weights: Vector): number[] =>
        weights.map((weight, j) => (i === j ? weight + 1e-3 : weight));
      expect(fails({ alpha: moved(alpha) })).toBe(true);
      expect(fails({ beta: { ...beta, dW: moved(beta.dW) } })).toBe(true);
      expect(fails({ beta: { ...beta, chi2: moved(beta.chi2) } })).toBe(true);
    }
  });
});

describe("what a step evaluates", () => {
  it.each<[string, number, number]>([
    // SRIW1 has two different drifts; two of its diffusions have different weights and so different arguments
    ["sriw1", 2, 4],
    ["sriw2", 3, 4],
    ["sosri", 4, 4],
    ["sosri2", 4, 4],
    ["sra1", 2, 2],
    ["sra2", 2, 2],
    ["sra3", 3, 2],
    ["sosra", 3, 3],
    ["sosra2", 3, 2],
  ])("by %s are %d drifts and %d diffusions", (name, drift, diffusion) => {
    const method = allStochasticTableaux.find((each) => each.name === name);
    expect(method?.evaluations).toEqual({ drift, diffusion });
  });
});

describe("a tableau of one's own", () => {
  const sri: SriCoefficients = {
    name: "own",
    a0: [[], [1]],
    b0: [[], [1]],
    a1: [[], [1]],
    b1: [[], [1]],
    alpha: [1 / 2, 1 / 2],
    beta1: [1, 0],
    beta2: [-1, 1],
    beta3: [0, 0],
    beta4: [0, 0],
  };
  const sra: SraCoefficients = { ...sri, c1: [0, 1], beta1: [1, 0], beta2: [1, -1] };

  it("has what follows from it", () => {
    expect(sriTableau(sri)).toMatchObject({ noise: "diagonal", stages: 2, c0: [0, 1], c1: [0, 1] });
    expect(sraTableau(sra)).toMatchObject({ noise: "additive", stages: 2, c0: [0, 1], c1: [0, 1] });
    expect(sriTableau({ ...sri, errorStages: [1], errorWeight: 2 }).errorWeights).toEqual([0, 2]);
    expect(sosri.errorWeights).toEqual([1, 1, 1, 1]);
  });

  it.each<[string, Partial<SriCoefficients>, string]>([
    ["a row too many", { a0: [[], [1], [0, 1]] }, "a0 has 3 rows, one per stage is needed, 2"],
    ["an implicit row", { b1: [[1], [1]] }, "row 0 of b1 has 1 weights, an explicit method needs 0"],
    ["a weight too few", { beta4: [0] }, "beta4 has 1 entries, one per stage is needed, 2"],
    ["a drift that counts twice", { alpha: [1, 1] }, "the weights alpha must sum to 1, got 2"],
    ["noise that counts twice", { beta1: [1, 1] }, "the weights beta1 must sum to 1, got 2"],
    ["noise that moves the mean", { beta3: [1, 0] }, "the weights beta3 must sum to 0, got 1"],
    ["weights that are no numbers", { beta2: [Number.NaN, 0] }, "the weights beta2 must sum to 0, got NaN"],
    [
      "a stiffness pair apart in time",
      { stiffnessPair: [0, 1] },
      "the stages 0 and 1 of stiffnessPair must be at one time, they are at 0 and 1",
    ],
    [
      "a stiffness pair with a stage that is not there",
      { stiffnessPair: [1, 2] },
      "stiffnessPair must name two of the stages 0 to 1, got 1 and 2",
    ],
  ])("is refused with %s", (_, change, sentence) => {
    expect(() => sriTableau({ ...sri, ...change })).toThrow(
      new RangeError(`stochastic tableau "own": ${sentence}`),
    );
  });

  it("for additive noise is refused with a time too few", () => {
    expect(() => sraTableau({ ...sra, c1: [0] })).toThrow(
      new RangeError('stochastic tableau "own": c1 has 1 entries, one per stage is needed, 2'),
    );
  });
});
