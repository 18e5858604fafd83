import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import { tfjsTarget } from "../../../src/compiler/targets/tfjs/tfjs-target.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { integrate, solve } from "../../../src/solvers/ode/solve.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { rk4 } from "../../../src/solvers/tableaux/rk4.js";

const decay = odeProblem({ field: (_, y) => tf.neg(y), y0: [1, 2], span: [0, 1] });

describe("a problem is refused", () => {
  it.each<[string, [number, number]]>([
    ["an empty span", [1, 1]],
    ["a span without end", [0, Number.POSITIVE_INFINITY]],
    ["a span that is no number", [Number.NaN, 1]],
  ])("for %s", (_, span) => {
    expect(() => odeProblem({ field: (_t, y) => y, y0: 1, span })).toThrow(
      new RangeError(`odeProblem: span must be two different finite times, got [${span[0]}, ${span[1]}]`),
    );
  });

  it("for a ragged state", () => {
    expect(() => odeProblem({ field: (_, y) => y, y0: [[1, 2], [3]], span: [0, 1] })).toThrow(
      "nested numbers are ragged: the first entries have shape [2,2], others differ",
    );
  });

  it("for parameters that are no numbers", () => {
    expect(() =>
      odeProblem({ field: (_, y) => y, y0: 1, params: { w: "1" } as never, span: [0, 1] }),
    ).toThrow('the tree\'s entry "w" is neither a value nor an object of named values: 1');
  });
});

describe.each([
  ["solve", solve],
  ["solveVjp", solveVjp],
  ["integrate, at its first step", (...given: Parameters<typeof solve>) => integrate(...given).next()],
] as const)("%s refuses", (_, run) => {
  const range = (sentence: string): RangeError => new RangeError(sentence);

  it.each<[string, SolveOptions, Error]>([
    ["a negative rtol", { rtol: -1 }, range("solve: rtol must be at least 0 and below 1, got -1")],
    ["an rtol of 1", { rtol: 1 }, range("solve: rtol must be at least 0 and below 1, got 1")],
    ["an rtol of NaN", { rtol: Number.NaN }, range("solve: rtol must be at least 0 and below 1, got NaN")],
    ["a negative atol", { atol: -1e-9 }, range("solve: atol must be a finite number, at least 0, got -1e-9")],
    [
      "an infinite atol",
      { atol: Number.POSITIVE_INFINITY },
      range("solve: atol must be a finite number, at least 0, got Infinity"),
    ],
    [
      "no tolerance at all",
      { rtol: 0, atol: 0 },
      range("solve: one of rtol and atol must be positive, got 0"),
    ],
    [
      "a tolerance below rounding",
      { rtol: 1e-16, atol: 0 },
      range("solve: rtol must be at least 1e-14 where atol is 0, got 1e-16"),
    ],
    ["no steps", { maxSteps: 0 }, range("solve: maxSteps must be a positive whole number, got 0")],
    ["half a step", { maxSteps: 1.5 }, range("solve: maxSteps must be a positive whole number, got 1.5")],
    [
      "a first step of 0",
      { firstStep: 0 },
      range("solve: firstStep must be a positive length of time, got 0"),
    ],
    [
      "a first step of NaN",
      { firstStep: Number.NaN },
      range("solve: firstStep must be a positive length of time, got NaN"),
    ],
    [
      "a grid in disorder",
      { grid: [0.5, 0.25, 1] },
      range("solve: grid[1] must be beyond the time before it, on the way from 0 to 1, got 0.25"),
    ],
    [
      "a grid that starts with the start",
      { grid: [0, 1] },
      range("solve: grid[0] must be beyond the time before it, on the way from 0 to 1, got 0"),
    ],
    [
      "a grid with a hole",
      { grid: [0.5, Number.NaN, 1] },
      range("solve: grid[1] must be beyond the time before it, on the way from 0 to 1, got NaN"),
    ],
    [
      "a grid that stops short",
      { grid: [0.5] },
      range("solve: the last entry of grid must be the end of the span, 1, got 0.5"),
    ],
    [
      "a grid that goes too far",
      { grid: [0.5, 2] },
      range("solve: the last entry of grid must be the end of the span, 1, got 2"),
    ],
    [
      "an empty grid",
      { grid: [] },
      range("solve: the last entry of grid must be the end of the span, 1, got undefined"),
    ],
    [
      "saved states in disorder",
      { saveAt: [0.5, 0.25] },
      range("solve: saveAt[1] must be not before the time before it, on the way from 0 to 1, got 0.25"),
    ],
    [
      "a saved state before the start",
      { saveAt: [-1] },
      range("solve: saveAt[0] must be not before the time before it, on the way from 0 to 1, got -1"),
    ],
    [
      "a saved state beyond the end",
      { saveAt: [0.5, 1.5] },
      range("solve: saveAt[1] must be not before the time before it, on the way from 0 to 1, got 1.5"),
    ],
    ["a smallest step below 0", { minStep: -1 }, range("solve: minStep must be at least 0, got -1")],
    [
      "a largest step below the smallest",
      { minStep: 0.1, maxStep: 0.01 },
      range("solve: maxStep must be positive and not below minStep, got 0.01"),
    ],
    [
      "a jump at no time",
      { jumpTimes: [Number.NaN] },
      range("solve: an entry of jumpTimes must be a finite time, got NaN"),
    ],
    [
      "jumps beside a grid",
      { jumpTimes: [0.5], grid: [1] },
      range("solve: jumpTimes only guide chosen steps; put them into the grid instead"),
    ],
    [
      "a method that cannot choose its steps",
      { method: rk4 },
      range("solve: the method rk4 has no error estimate and cannot choose its steps; give a grid"),
    ],
  ])("%s", (_name, options, error) => {
    expect(() => run(decay, options)).toThrow(error);
  });

  it.each<[string, SolveOptions, RegExp]>([
    [
      "single precision",
      { target: javascriptTarget, precision: "float32" },
      /"javascript" computes in float64/,
    ],
    [
      "double precision",
      { target: tfjsTarget, precision: "float64" },
      /"tfjs" computes in float32, but float64/,
    ],
    [
      "a target that is not there",
      { target: "cuda" as never },
      /unknown target "cuda"; choose auto, javascript/,
    ],
  ])("%s where it cannot be had", (_name, options, sentence) => {
    expect(() => run(decay, options)).toThrow(sentence);
  });

  it.each<[string, (t: tf.Tensor, y: { a: tf.Tensor; b: tf.Tensor }) => unknown, string]>([
    ["returns nothing", () => undefined, "the vector field returned nothing; is a return missing?"],
    ["is asynchronous", async (_t, y) => y, "must be synchronous, got one that returns a promise"],
    [
      "awaits a value",
      async (_t, { a }) => tf.mul(a, (await a.data())[0]),
      "reads the value of a tensor of shape [2]",
    ],
    ["forgets a part", (_t, { a }) => ({ a }), 'what the vector field returned lacks the entry "b"'],
    [
      "invents a part",
      (_t, { a, b }) => ({ a, b, c: a }),
      'what the vector field returned has an entry "c" that was not expected',
    ],
    [
      "returns a bare tensor for names",
      (_t, { a }) => a,
      "what the vector field returned has an entry (the value itself) that was not expected",
    ],
    [
      "returns another shape",
      (_t, { a, b }) => ({ a: tf.concat([a, a]), b }),
      'the vector field returned shape [4] for the state "a" of shape [2]; a derivative must have the state\'s shape',
    ],
    [
      "throws",
      () => {
        throw new Error("the field's own words");
      },
      "the field's own words",
    ],
  ])("a field that %s", (_name, field, sentence) => {
    const problem = odeProblem({ field: field as never, y0: { a: [1, 2], b: 3 }, span: [0, 1] });
    expect(() => run(problem)).toThrow(sentence);
    // and the next solve is none the worse for it
    expect(solve(decay).code).toBe("success");
  });
});

describe("a pullback refuses", () => {
  const named = odeProblem({ field: (_, y) => y, y0: { a: [1, 2] }, span: [0, 1] });

  it.each([
    [
      "a part that is not there",
      { y1: { b: [1, 2] } },
      'the cotangent of y1 has an entry "b" that was not expected',
    ],
    [
      "a shape that is not the state's",
      { y1: { a: [1] } },
      'the cotangent of y1 has shape [1] for the state "a" of shape [2]',
    ],
    [
      "saved states that were not saved",
      { ys: { a: [[1, 2]] } },
      'the cotangent of ys has shape [1,2] for the state "a" of shape [0,2]',
    ],
    [
      "errors for other steps than there were",
      { error: new Float64Array(1) },
      /cotangents.error needs one number per accepted step, \d+, got 1/,
    ],
    [
      "stiffnesses for other steps than there were",
      { stiffness: new Float64Array(1) },
      /cotangents.stiffness needs one number per accepted step, \d+, got 1/,
    ],
  ])("%s", (_, cotangents, sentence) => {
    const taped = solveVjp(named, { firstStep: 1e-3 });
    expect(() => taped.pullback(cotangents as never)).toThrow(sentence);
    taped.dispose();
  });
});
