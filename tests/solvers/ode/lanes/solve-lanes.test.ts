import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linspace } from "../../../../src/compiler/nd-array.js";
import { Random } from "../../../../src/compiler/random.js";
import { solveLanes } from "../../../../src/solvers/ode/lanes/solve-lanes.js";
import { odeProblem } from "../../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../../src/solvers/ode/rosenbrock23.js";
import type { Solution } from "../../../../src/solvers/ode/solution.js";
import { solve } from "../../../../src/solvers/ode/solve.js";
import { heun } from "../../../../src/solvers/tableaux/heun.js";
import { rk4 } from "../../../../src/solvers/tableaux/rk4.js";
import { tsit5 } from "../../../../src/solvers/tableaux/tsit5.js";
import { allTargets } from "../../../laws/programs.js";
import { leaves } from "../gradient-law.js";
import { alone, laneProblem, samples, withRows } from "./lane-problems.js";

const tolerances = { rtol: 1e-4, atol: 1e-5 } as const;

const numbers = (tree: unknown): number[] => leaves(tree as never).flatMap(({ data }) => Array.from(data));

/** The numbers of a solution's records, in one list. */
const recordsOf = ({ steps }: Pick<Solution, "steps">): number[] =>
  steps.flatMap(({ t, h, error, errorFloor }) => [t, h, error, errorFloor]);

describe("lanes", () => {
  it.each([heun, tsit5, rosenbrock23])("are the samples solved one by one, by $name", (method) => {
    fc.assert(
      fc.property(samples, (given) => {
        const problem = laneProblem(given);
        const [t0, t1] = problem.span;
        const random = new Random(given.seed);
        const inner = [random.uniform(), random.uniform()].sort().map((x) => t0 + x * (t1 - t0));
        const saveAt = [t0, ...inner, t1];
        const options = { ...tolerances, method, target: "javascript", saveAt, dense: true } as const;
        const { lanes, code } = solveLanes(problem, options);
        expect(code).toBe("success");
        alone(problem).forEach((sample, i) => {
          const one = solve(sample, options);
          const lane = lanes[i];
          expect(lane.stats).toEqual(one.stats);
          expect(recordsOf(lane)).toBeAllclose(recordsOf(one), { relative: 1e-5, absolute: 1e-9 });
          for (const part of ["y1", "ys"] as const) {
            expect(numbers(lane[part])).toBeAllclose(numbers(one[part]));
          }
          expect(lane.ts).toEqual(one.ts);
          expect(numbers(lane.at(inner[0]))).toBeAllclose(numbers(one.at(inner[0])));
        });
      }),
      { numRuns: 4 },
    );
  });

  it("do not depend on their companions, whichever these are and in whatever order", () => {
    fc.assert(
      fc.property(samples, samples, (given, others) => {
        const count = given.lanes + others.lanes;
        const problem = laneProblem({ ...given, lanes: count });
        const order = Array.from(new Random(others.seed).permutation(count));
        const options = { ...tolerances, target: "javascript" } as const;
        const together = solveLanes(problem, options);
        const mixed = solveLanes(withRows(problem, order), options);
        // the same program, so that nothing differs at all
        order.forEach((row, i) => {
          expect(mixed.lanes[i].steps).toEqual(together.lanes[row].steps);
          expect(mixed.lanes[i].y1).toEqual(together.lanes[row].y1);
        });
        const some = Array.from({ length: given.lanes }, (_, i) => i);
        solveLanes(withRows(problem, some), options).lanes.forEach((lane, i) => {
          expect(lane.stats).toEqual(together.lanes[i].stats);
          expect(recordsOf(lane)).toBeAllclose(recordsOf(together.lanes[i]), {
            relative: 1e-5,
            absolute: 1e-9,
          });
          expect(numbers(lane.y1)).toBeAllclose(numbers(together.lanes[i].y1));
        });
      }),
      { numRuns: 4 },
    );
  });

  it("have what a batch with a shared step has not: there, companions choose the steps", () => {
    const problem = laneProblem({ lanes: 4, span: [0, 1], seed: 3 });
    const [first, ...rest] = alone(problem).map((sample) => solve(sample, tolerances));
    const batch = solve(problem, tolerances);
    expect(batch.stats.nfe.total).not.toBe(first.stats.nfe.total);
    const some = numbers((batch.y1 as Record<string, unknown>).x).slice(0, 2);
    const own = numbers((first.y1 as Record<string, unknown>).x);
    expect(some).not.toEqual(own);
    expect(some).toBeAllclose(own, { absolute: 1e-2 });
    expect(new Set([first, ...rest].map(({ stats }) => stats.nfe.total)).size).toBeGreaterThan(1);
  });

  it.each(allTargets)("are the same on $name in $precision", (target) => {
    const problem = laneProblem({ lanes: 3, span: [0, 1], seed: 5 });
    // prescribed steps: those that are chosen differ by rounding from target to target
    const options = { grid: linspace(0, 1, 41).slice(1), saveAt: [0, 0.31, 1] };
    const reference = solveLanes(problem, { ...options, target: "javascript" });
    const { lanes, precision } = solveLanes(problem, { ...options, target, precision: target.precision });
    expect(precision).toBe(target.precision);
    const closeness =
      target.precision === "float64" ? { relative: 1e-9 } : { relative: 1e-3, absolute: 1e-4 };
    lanes.forEach(({ ys }, i) => {
      expect(numbers(ys)).toBeAllclose(numbers(reference.lanes[i].ys), closeness);
    });
  });

  it("have save points of their own, prescribed steps, jumps and components that do not steer", () => {
    const problem = laneProblem({ lanes: 3, span: [0, 1], seed: 7 });
    const saveAt = [[0.5], [], [0, 0.1, 0.1, 1]];
    const jumpTimes = [0.4];
    const given = { ...problem, steers: [true, false, false] };
    const { lanes } = solveLanes(given, { ...tolerances, saveAt, jumpTimes });
    alone(given).forEach((sample, i) => {
      const one = solve(sample, { ...tolerances, saveAt: saveAt[i], jumpTimes });
      expect(lanes[i].ts).toEqual(one.ts);
      expect(lanes[i].stats).toEqual(one.stats);
      expect(numbers(lanes[i].ys)).toBeAllclose(numbers(one.ys));
    });
    const grid = [0.25, 0.5, 1];
    const fixed = solveLanes(problem, { grid, method: rk4 });
    alone(problem).forEach((sample, i) => {
      const one = solve(sample, { grid, method: rk4 });
      expect(numbers(fixed.lanes[i].y1)).toBeAllclose(numbers(one.y1));
      expect(fixed.lanes[i].stepTimes).toEqual(one.stepTimes);
    });
  });

  it("have tolerances by component, of one sample", () => {
    const problem = laneProblem({ lanes: 3, span: [0, 1], seed: 7 });
    const options = { rtol: 1e-3, atol: { x: [1e-3, 1e-6], z: 1e-4, speed: 1 } };
    const { lanes } = solveLanes(problem, options);
    alone(problem).forEach((sample, i) => {
      expect(lanes[i].stats).toEqual(solve(sample, options).stats);
    });
  });
});

describe("a lane that fails", () => {
  /** y' = y^2 blows up at t = 1/y0; y' = sqrt(1 - y) is no number beyond 1. */
  const blowUp = odeProblem({
    field: (_, { y, root }) => ({ y: tf.square(y), root: tf.sqrt(tf.sub(1, root)) }),
    y0: { y: [[0.5], [2], [-1], [0.1], [0.2]], root: [[0], [0], [0.5], [2], [0.9]] },
    span: [0, 1],
  });

  it("leaves the others as they are, and says where, when and why", () => {
    const { lanes, code, message } = solveLanes(blowUp, { firstStep: 0.01 });
    const singles = alone(blowUp as never).map((sample) => solve(sample, { firstStep: 0.01 }));
    expect(lanes.map((lane) => lane.code)).toEqual(singles.map((single) => single.code));
    expect(lanes.map((lane) => lane.message)).toEqual(singles.map((single) => single.message));
    expect(lanes[0].code).toBe("success");
    expect(lanes[2].code).toBe("success");
    expect([lanes[1].code, lanes[3].code]).toEqual(["stepUnderflow", "nonFinite"]);
    expect(code).toBe("stepUnderflow");
    expect(message).toMatch(/^2 of 5 lanes ended early \(1, 3\); lane 1: the step size fell below/);
    for (const i of [0, 2, 3, 4]) {
      expect(lanes[i].stats).toEqual(singles[i].stats);
      expect(numbers(lanes[i].y1)).toBeAllclose(numbers(singles[i].y1), { relative: 1e-6 });
    }
  });

  it("may fail at its start", () => {
    const { lanes } = solveLanes(blowUp);
    expect(lanes[3].code).toBe("nonFinite");
    expect(lanes[3].stats.nfe.total).toBe(1);
    expect(numbers(lanes[3].y1)).toEqual([0.1, 2]);
    expect(lanes[0].code).toBe("success");
  });

  it("may be all of them", () => {
    const none = solveLanes(withRows(blowUp as never, [3, 3]));
    expect(none.lanes.map(({ code }) => code)).toEqual(["nonFinite", "nonFinite"]);
    expect(none.message).toMatch(/^2 of 2 lanes/);
  });

  it("has a limit of steps, a signal and an end by stiffness of its own", () => {
    const problem = laneProblem({ lanes: 4, span: [0, 1], seed: 3 });
    const counts = solveLanes(problem, tolerances).lanes.map(({ steps }) => steps.length);
    const maxSteps = Math.max(...counts) - 1;
    const limited = solveLanes(problem, { ...tolerances, maxSteps });
    expect(limited.lanes.map(({ code }) => code)).toEqual(
      counts.map((count) => (count > maxSteps ? "maximumSteps" : "success")),
    );
    const stopped = solveLanes(problem, { signal: AbortSignal.abort() });
    expect(stopped.lanes.map(({ code }) => code)).toEqual(counts.map(() => "stopped"));
    const rates = odeProblem({
      field: (t, { y, rate }) => ({ y: tf.mul(tf.sub(tf.cos(t), y), rate), rate: tf.zerosLike(rate) }),
      y0: { y: [0, 0], rate: [1, 1e4] },
      span: [0, 1],
    });
    const { lanes } = solveLanes(rates, { stopWhenStiff: true });
    expect(lanes.map(({ code }) => code)).toEqual(["success", "stiff"]);
  });
});
