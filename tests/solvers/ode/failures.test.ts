import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { controllers } from "../../../src/solvers/ode/controllers.js";
import { type AnyOdeProblem, odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import type { ResultCode } from "../../../src/solvers/ode/solution.js";
import { integrate, solve } from "../../../src/solvers/ode/solve.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { rk4 } from "../../../src/solvers/tableaux/rk4.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { representativeMethods } from "../tableaux/methods.js";

const vector = (
  field: (t: tf.Tensor, y: tf.Tensor) => tf.Tensor,
  span: readonly [number, number],
  y0 = [1, 0.5],
) => odeProblem({ field: field as never, y0, span });

const growth = vector((_, y) => y, [0, 1]);
/** y = 1 / (1 - t): there is no solution at t = 1. */
const blowup = vector((_, y) => tf.square(y), [0, 1.1]);
const nanFromTheStart = vector((_, y) => tf.sqrt(tf.sub(y, 5)), [0, 1]);
/** sqrt of a negative number from t = 0.5 on. */
const nanLater = vector((t, y) => tf.mul(y, tf.sqrt(tf.sub(0.5, t))), [0, 1]);
const infinite = vector((t, y) => tf.div(y, tf.sub(t, t)), [0, 1]);

interface Failure {
  readonly problem: AnyOdeProblem;
  readonly options?: SolveOptions;
  readonly code: readonly ResultCode[];
  readonly message: RegExp;
  /** Where it ends, from and to. */
  readonly reaches: readonly [number, number];
}

const failures: Record<string, Failure> = {
  "a solution that is infinite in finite time": {
    problem: blowup,
    code: ["stepUnderflow", "nonFinite"],
    message: /at t = (1|0\.99\d*|1\.00\d*); (the solution may blow up there|check it for overflow)/,
    reaches: [0.99, 1.01],
  },
  "NaN from the start": {
    problem: nanFromTheStart,
    code: ["nonFinite"],
    message:
      /the vector field returned NaN or infinity at t = 0; check it for overflow, division by zero and logarithms/,
    reaches: [0, 0],
  },
  "NaN from the start, with a given first step": {
    problem: nanFromTheStart,
    options: { firstStep: 0.1 },
    code: ["nonFinite"],
    message: /returned NaN or infinity at t = 0;/,
    reaches: [0, 0],
  },
  "an infinite slope": {
    problem: infinite,
    code: ["nonFinite"],
    message: /returned NaN or infinity at t = 0;/,
    reaches: [0, 0],
  },
  "NaN on the way": {
    problem: nanLater,
    code: ["nonFinite"],
    message: /returned NaN or infinity at t = 0\.[45]\d*;/,
    reaches: [0.4, 0.5 + 1e-6],
  },
  "NaN on the way, on a grid": {
    problem: nanLater,
    options: { grid: [0.2, 0.4, 0.6, 1] },
    code: ["nonFinite"],
    message: /returned NaN or infinity at t = 0\.4;/,
    reaches: [0.4, 0.4],
  },
  "too few steps": {
    problem: growth,
    options: { maxSteps: 3, firstStep: 1e-3 },
    code: ["maximumSteps"],
    message:
      /the limit of 3 steps was reached at t = .*; loosen the tolerances, raise maxSteps, or use a stiff method/,
    reaches: [1e-3, 1],
  },
  "a stop before the start": {
    problem: growth,
    options: { signal: AbortSignal.abort() },
    code: ["stopped"],
    message: /the solve was stopped at t = 0/,
    reaches: [0, 0],
  },
};

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  describe.each(representativeMethods)("by $name", (method) => {
    it.each(Object.entries(failures))("%s is told by the solution, not thrown", (_name, failure) => {
      const { problem, options, code, message, reaches } = failure;
      const tolerances = { rtol: 1e-4, atol: 1e-4 };
      const all = { ...tolerances, ...options, method, target, precision: target.precision };
      const solution = solve(problem, all);
      expect(code).toContain(solution.code);
      expect(solution.message).toMatch(message);
      const last = solution.ts[0];
      expect(last).toBeGreaterThanOrEqual(reaches[0]);
      expect(last).toBeLessThanOrEqual(reaches[1]);
      expect(solution.stepTimes).toHaveLength(solution.stats.accepted + 1);
      // the last good state
      expect((solution.y1 as { data: Float64Array }).data.every(Number.isFinite)).toBe(true);
    });
  });
});

describe("numerical failure", () => {
  it("is seen on a grid by methods without an error estimate too", () => {
    const solution = solve(nanLater, { method: rk4, grid: [0.2, 0.4, 0.6, 1] });
    expect(solution).toMatchObject({ code: "nonFinite", stepTimes: Float64Array.of(0, 0.2, 0.4) });
    expect(solution.y1.data.every(Number.isFinite)).toBe(true);
  });

  it.each(Object.entries(controllers))("ends in time whatever the controller: %s", (_, controller) => {
    for (const problem of [blowup, nanLater, infinite]) {
      expect(solve(problem, { controller }).steps.length).toBeLessThan(1000);
    }
  });

  it("leaves the part that was solved differentiable", () => {
    const failed = solveVjp(nanLater, { grid: [0.2, 0.4, 0.6, 1] });
    const whole = solveVjp({ ...nanLater, span: [0, 0.4] }, { grid: [0.2, 0.4] });
    expect(failed.pullback({ y1: [1, 2] })).toEqual(whole.pullback({ y1: [1, 2] }));
    failed.dispose();
    whole.dispose();
  });

  it("from the start leaves the cotangent as the gradient", () => {
    const failed = solveVjp(nanFromTheStart);
    expect(failed.pullback({ y1: [1, 2] }).y0).toBeAllclose([1, 2]);
    failed.dispose();
  });
});

describe("a solve that is stopped", () => {
  it("ends with the step during which the signal came", () => {
    const stop = new AbortController();
    const steps = integrate(growth, { signal: stop.signal, firstStep: 1e-3 });
    steps.next();
    steps.next();
    stop.abort();
    const { done, value } = steps.next();
    expect(done).toBe(true);
    expect(value).toMatchObject({ code: "stopped", stats: { accepted: 2 } });
  });
});

describe("time", () => {
  it.each(representativeMethods)("runs backwards as well, with $name: there and back again", (method) => {
    const tolerance = method.order < 3 ? 1e-5 : 1e-9; // a method of order 2 needs h^3 below it
    const options = { method, rtol: tolerance, atol: tolerance };
    const pendulum = vector(
      (_, y) => {
        const [angle, speed] = tf.unstack(y);
        return tf.stack([speed, tf.neg(tf.sin(angle))]);
      },
      [0, 3],
    );
    const there = solve(pendulum, options);
    const back = solve({ ...pendulum, span: [3, 0], y0: { ...pendulum.y0, arrays: [there.y1] } }, options);
    expect(there.steps.every(({ h }) => h > 0)).toBe(true);
    expect(back.steps.every(({ h }) => h < 0)).toBe(true);
    expect(back.y1).toBeAllclose([1, 0.5], { relative: 1000 * tolerance });
  });

  it.each([
    [0, 1e-200],
    [1e200, 2e200],
    [1.7e9, 1.7e9 + 1],
    [-1e-8, 1e-8],
    [1e6, 1e6 + 1e-3],
  ])("may run from %d to %d", (start, end) => {
    const still = vector((t, y) => tf.mul(y, tf.mul(t, 0)), [start, end]);
    expect(solve(still)).toMatchObject({ code: "success", message: "" });
  });

  it("too short to be divided is an underflow, not a hang", () => {
    const shortest = vector((_, y) => y, [1, 1 + Number.EPSILON]);
    expect(solve(shortest).code).toBe("stepUnderflow");
  });
});
