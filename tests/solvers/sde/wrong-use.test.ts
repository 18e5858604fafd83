import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { eulerMaruyama } from "../../../src/solvers/sde/euler-maruyama.js";
import { brownianPath } from "../../../src/solvers/sde/noise-paths.js";
import type { SdeOptions } from "../../../src/solvers/sde/sde-options.js";
import { sdeProblem } from "../../../src/solvers/sde/sde-problem.js";
import { solveSde } from "../../../src/solvers/sde/solve-sde.js";
import { solveSdeVjp } from "../../../src/solvers/sde/solve-sde-vjp.js";
import { sra1 } from "../../../src/solvers/sde/tableaux/sra1.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";

const definition = {
  drift: (_: tf.Tensor, y: tf.Tensor) => tf.neg(y),
  diffusion: (_: tf.Tensor, y: tf.Tensor) => tf.mul(y, 0.1),
  y0: [1, 2],
  span: [0, 1],
} as const;
const growth = sdeProblem(definition as never);

const problem = (changes: object) => () => sdeProblem({ ...definition, ...changes } as never);
const solved = (changes: object) => () => solveSde(sdeProblem({ ...definition, ...changes } as never));
const options = (given: object) => () => solveSde(growth, given as SdeOptions<never>);
const noise = (given: object) => () => brownianPath(growth, { noise: given } as never);
const cotangents = (given: object) => () => {
  const { pullback, dispose } = solveSdeVjp(growth, { grid: [0.5, 1], saveAt: [1] });
  try {
    return pullback(given);
  } finally {
    dispose();
  }
};

/** Every wrong use with the one sentence that it is answered with. */
const wrongUses: readonly (readonly [string, () => unknown, string])[] = [
  [
    "a drift that is no function",
    problem({ drift: 1 }),
    "sdeProblem: drift must be a function of t, y and params, got 1",
  ],
  [
    "a diffusion that is missing",
    problem({ diffusion: undefined }),
    "sdeProblem: diffusion must be a function of t, y and params, got undefined",
  ],
  [
    "a span that runs backwards",
    problem({ span: [1, 0] }),
    "sdeProblem: span must be two finite times, the later one second, got [1, 0]; noise is not known in advance, so that an Itô equation runs forwards only",
  ],
  [
    "noise of another kind",
    problem({ noise: "scalar" }),
    'sdeProblem: noise must be "diagonal" or "additive", got "scalar"',
  ],
  [
    "a diffusion of a wrong shape",
    solved({
      diffusion: (_: tf.Tensor, y: tf.Tensor) => tf.outerProduct(y as tf.Tensor1D, y as tf.Tensor1D),
    }),
    "the diffusion returned shape [2,2] for the state (the value itself) of shape [2]; a derivative must have the state's shape",
  ],
  [
    "a drift that returns nothing",
    solved({ drift: () => undefined }),
    "the drift returned nothing; is a return missing?",
  ],
  [
    "additive noise that is not",
    solved({ noise: "additive" }),
    'sdeProblem: the noise is said to be additive, but the diffusion depends on the state (the value itself); leave noise: "additive" out',
  ],
  [
    "a method for additive noise where it is not",
    options({ method: sra1 }),
    'solveSde: the method sra1 is for additive noise; use one for diagonal noise, such as sosri, or state the problem with noise: "additive" if its diffusion does not depend on the state',
  ],
  [
    "a method without an error estimate and no grid",
    options({ method: eulerMaruyama }),
    "solveSde: the method eulerMaruyama has no error estimate and cannot choose its steps; give a grid",
  ],
  [
    "a method for ordinary equations",
    options({ method: tsit5 }),
    "solveSde: method must be one for stochastic equations, such as sosri, got tsit5",
  ],
  [
    "a method by its name",
    options({ method: "sosri" }),
    "solveSde: method must be one for stochastic equations, such as sosri, got sosri",
  ],
  ["an rtol of 1", options({ rtol: 1 }), "solveSde: rtol must be at least 0 and below 1, got 1"],
  ["a negative atol", options({ atol: -1 }), "solveSde: atol must be a finite number, at least 0, got -1"],
  ["no tolerance", options({ rtol: 0, atol: 0 }), "solveSde: one of rtol and atol must be positive, got 0"],
  ["room of no size", options({ residualBytes: -1 }), "solveSde: residualBytes must be at least 0, got -1"],
  [
    "a controller by its name",
    options({ controller: "PI" }),
    "solveSde: controller must be one, such as stochasticController, got PI",
  ],
  ["half a step", options({ maxSteps: 0.5 }), "solveSde: maxSteps must be a positive whole number, got 0.5"],
  [
    "a first step of no size",
    options({ firstStep: 0 }),
    "solveSde: firstStep must be a positive length of time, got 0",
  ],
  [
    "a seed that is no whole number",
    options({ seed: 0.5 }),
    "solveSde: seed must be a whole number, got 0.5",
  ],
  [
    "a seed beside a path",
    options({ seed: 1, path: brownianPath(growth) }),
    "solveSde: seed must be left out where a path is given, got 1",
  ],
  [
    "a time to save beyond the end",
    options({ saveAt: [0.5, 2] }),
    "solveSde: saveAt[1] must be between 0.5 and 1, got 2",
  ],
  [
    "times to save out of order",
    options({ saveAt: [0.5, 0.2] }),
    "solveSde: saveAt[1] must be between 0.5 and 1, got 0.2",
  ],
  [
    "a grid that stands still",
    options({ grid: [0.5, 0.5] }),
    "solveSde: grid[1] must be after 0.5 and not after 1, got 0.5",
  ],
  [
    "a grid that ends early",
    options({ grid: [0.5] }),
    "solveSde: the last entry of grid must be the end of the span, 1, got 0.5",
  ],
  [
    "an empty grid",
    options({ grid: [] }),
    "solveSde: the last entry of grid must be the end of the span, 1, got undefined",
  ],
  [
    "the path of another state",
    options({ path: brownianPath(sdeProblem({ ...definition, y0: { a: [1, 2, 3] } } as never)) }),
    'solveSde: the path is of noise for "a" [3], but the state is (the value itself) [2]; make it by brownianPath of this problem',
  ],
  [
    "a path that ends early",
    options({
      path: brownianPath(growth, { noise: { times: [0, 0.5], dW: [[0.1, 0.2]] } } as never),
      grid: [1],
    }),
    "the Brownian path is there from 0 to 0.5, it cannot be asked for at 1",
  ],
  [
    "noise of a wrong shape",
    noise({ times: [0, 0.5, 1], dW: [[0.1, 0.2, 0.3]] }),
    "brownianPath: the noise dW has shape [1,3] for the state (the value itself); 2 increments of the state's shape [2] are [2,2]",
  ],
  [
    "noise of a wrong name",
    noise({ times: [0, 1], dW: { a: [[0.1, 0.2]] } }),
    'the noise dW has an entry "a" that was not expected',
  ],
  [
    "noise from another time on",
    noise({ times: [0.1, 1], dW: [[0.1, 0.2]] }),
    "brownianPath: the times of noise must rise from the start of the span, 0, got 0.1,1",
  ],
  [
    "a cotangent of a wrong shape",
    cotangents({ y1: [1, 2, 3] }),
    "the cotangent of y1 has shape [3] for the state (the value itself) of shape [2]; a derivative must have the shape of what it is by",
  ],
  [
    "an error cotangent too few",
    cotangents({ error: new Float64Array(1) }),
    "cotangents.error needs one number per accepted step, 2, got 1",
  ],
];

describe("a wrong use", () => {
  it.each(wrongUses)("is told in a sentence: %s", (_, use, sentence) => {
    let message: unknown;
    try {
      use();
    } catch (error) {
      expect([RangeError.name, TypeError.name]).toContain((error as Error).name);
      message = (error as Error).message;
    }
    expect(message).toBe(sentence);
  });
});

describe("a solve that fails says why", () => {
  const exploding = sdeProblem({
    drift: (_, y) => tf.mul(tf.square(y), y),
    diffusion: (_, y) => y,
    y0: 3,
    span: [0, 10],
  });

  it("when the solution blows up", () => {
    const { code, message, y1 } = solveSde(exploding);
    expect(["stepUnderflow", "nonFinite", "maximumSteps"]).toContain(code);
    expect(message).toMatch(/at t = /);
    expect(y1.data[0]).toSatisfy(Number.isFinite);
  });

  it("when the state is no number from the start", () => {
    const nowhere = sdeProblem({ ...definition, y0: [Number.NaN, 1] } as never);
    expect(solveSde(nowhere)).toMatchObject({ code: "nonFinite", stats: { accepted: 0 } });
  });

  it("on a grid", () => {
    expect(solveSde(exploding, { grid: [2, 4, 6, 8, 10] }).code).toBe("nonFinite");
  });

  it("after too many steps, or when stopped", () => {
    expect(solveSde(growth, { maxSteps: 2 })).toMatchObject({ code: "maximumSteps" });
    expect(solveSde(growth, { maxSteps: 2 }).message).toContain("the limit of 2 steps was reached at t = ");
    expect(solveSde(growth, { signal: AbortSignal.abort() }).code).toBe("stopped");
  });
});
