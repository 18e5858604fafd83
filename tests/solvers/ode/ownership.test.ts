import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { Target } from "../../../src/compiler/targets/target.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { integrate, solve } from "../../../src/solvers/ode/solve.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { bosh3 } from "../../../src/solvers/tableaux/bosh3.js";
import { heun } from "../../../src/solvers/tableaux/heun.js";
import { countingTarget } from "../../laws/counting-target.js";
import { representativeMethods } from "../tableaux/methods.js";

/** A field of its own at every call, so that its programs are new too. */
function growth(rate: number, span: readonly [number, number]) {
  return odeProblem({
    field: (_, y, p) => ({ a: tf.mul(y.b, p.rate), b: tf.mul(tf.square(y.a), p.rate) }),
    y0: { a: [1, 2], b: [0.5, -1] },
    params: { rate },
    span,
  });
}
const cotangents = { y1: { a: [1, 1], b: [-1, 1] } };
/** How many leaves the state has, and how many arrays the problem has in all. */
const [states, arrays] = [2, 3];
/** Zeros of state and parameters, which the cached programs keep once a gradient was asked for. */
const keptByPrograms = arrays;

const cases: [string, ReturnType<typeof growth>, SolveOptions][] = [
  ["that succeeds", growth(0.5, [0, 1]), {}],
  ["that rejects steps", growth(1, [0, 1]), { firstStep: 1 }],
  ["on a grid", growth(0.5, [0, 1]), { grid: [0.5, 1] }],
  ["that runs backwards", growth(0.5, [1, 0]), {}],
  ["that blows up", growth(3, [0, 10]), {}],
  ["that blows up on a grid", growth(30, [0, 40]), { grid: [10, 20, 30, 40] }],
  ["that starts from NaN", growth(Number.NaN, [0, 1]), {}],
  ["that starts from NaN with a given step", growth(Number.NaN, [0, 1]), { firstStep: 0.1 }],
  ["that runs out of steps", growth(0.5, [0, 1]), { maxSteps: 1 }],
  ["that is stopped", growth(0.5, [0, 1]), { signal: AbortSignal.abort() }],
];

describe.each(representativeMethods)("by $name", (method) => {
  // the counting target throws at a value that is freed twice, or used after
  it.each(cases)("a solve %s frees every value once", (_, problem, options) => {
    const target = countingTarget();
    solve(problem, { ...options, method, target });
    expect(target.values).toBe(0);
  });

  it.each(cases)(
    "a solve %s frees every value once when it is abandoned on the way",
    (_, problem, options) => {
      const target = countingTarget();
      for (const record of integrate(problem, { ...options, method, target })) if (record.t >= 0) break;
      expect(target.values).toBe(0);
    },
  );

  it.each(cases)("a solve %s frees every value once after its gradients", (_, problem, options) => {
    const target = countingTarget();
    const taped = solveVjp(problem, { ...options, method, target });
    const beforeGradients = target.values;
    taped.pullback(cotangents);
    taped.pullback({ error: new Float64Array(taped.solution.stats.accepted).fill(1) });
    expect(() => taped.pullback({ error: new Float64Array(999) })).toThrow(RangeError);
    expect(target.values).toBeLessThanOrEqual(beforeGradients + keptByPrograms);
    taped.dispose();
    taped.dispose();
    expect(target.values).toBeLessThanOrEqual(keptByPrograms);
    expect(() => taped.pullback(cotangents)).toThrow("the solve was disposed of");
  });
});

describe.each([bosh3, heun])("by $name, on a target that fails", (method) => {
  it.each(["compile", "run", "put", "get"] as const)(
    "nothing is left behind wherever %s fails",
    (operation) => {
      let failures = 0;
      for (let call = 1; call <= 12; call++) {
        const target = countingTarget();
        const failing = failingTarget(target, operation, call);
        const options = { method, target: failing, grid: [0.5, 1] };
        try {
          const taped = solveVjp(growth(0.5, [0, 1]), options);
          try {
            taped.pullback(cotangents);
          } finally {
            taped.dispose();
          }
        } catch (error) {
          expect(error).toEqual(new Error(`${operation} failed`));
          failures++;
        }
        const beforeGradients = operation === "put" && call <= arrays + states;
        expect(target.values, `after call ${call}`).toBeLessThanOrEqual(beforeGradients ? 0 : keptByPrograms);
      }
      expect(failures).toBeGreaterThan(1);
    },
  );
});

describe("the programs of the last fields", () => {
  it("are kept, those before disposed of, with all that they hold", () => {
    const target = countingTarget();
    const solveNewField = (): [number, number] => {
      const taped = solveVjp(growth(0.5, [0, 1]), { target });
      taped.pullback(cotangents);
      taped.dispose();
      return [target.programs, target.values];
    };
    const counts = Array.from({ length: 50 }, solveNewField);
    expect(counts[49]).toEqual(counts[30]);
    expect(counts[49][1]).toBeLessThan(counts[9][1] * 3);
  });

  it("are used again for the same field, and not for another tableau, precision or shape", () => {
    const target = countingTarget();
    const problem = growth(0.5, [0, 1]);
    solve(problem, { target });
    const once = target.programs;
    solve({ ...problem, span: [1, 3] }, { target, rtol: 1e-3, firstStep: 0.1 });
    expect(target.programs).toBeLessThanOrEqual(once + 1); // the slope alone, which an automatic first step has not
    solve(problem, { target, method: heun });
    expect(target.programs).toBeGreaterThanOrEqual(once + 3);
  });
});

/** A target whose operation fails at one of its calls. */
function failingTarget(
  inner: Target,
  operation: "compile" | "run" | "put" | "get",
  failingCall: number,
): Target {
  let calls = 0;
  const failAt = (name: string): void => {
    if (name === operation && ++calls === failingCall) throw new Error(`${operation} failed`);
  };
  return {
    name: inner.name,
    precision: inner.precision,
    compile: (graph) => {
      failAt("compile");
      const program = inner.compile(graph);
      return {
        run: (values, scalars, readout) => {
          failAt("run");
          return program.run(values, scalars, readout);
        },
        dispose: () => program.dispose(),
      };
    },
    put: (array) => {
      failAt("put");
      return inner.put(array);
    },
    get: (value) => {
      failAt("get");
      return inner.get(value);
    },
    free: (value) => inner.free(value),
  };
}
