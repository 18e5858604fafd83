import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ControllerState,
  controllers,
  initialControllerState,
  integralController,
  judge,
  proportionalIntegralController,
} from "../../../src/solvers/ode/controllers.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { referenceProblem } from "../../reference-data.js";
import { adaptiveMethods } from "../tableaux/methods.js";
import { problemOf } from "./problems.js";

const order = 5;
const errors = fc.double({ min: -12, max: 6, noNaN: true }).map((exponent) => 10 ** exponent);
const states: fc.Arbitrary<ControllerState> = fc
  .tuple(errors, errors)
  .map((previousErrors) => ({ previousErrors }));

describe.each(Object.entries(controllers))("the controller of %s", (_, controller) => {
  const start = initialControllerState(controller);

  it("accepts a step exactly if its error is at most 1", () => {
    fc.assert(
      fc.property(states, errors, (state, error) => {
        expect(judge(controller, state, error, order).accepted).toBe(error <= 1);
      }),
      { examples: [[start, 1]] },
    );
  });

  it("stays within its factors, shrinks after a rejection, and grows less the larger the error", () => {
    fc.assert(
      fc.property(states, errors, errors, (state, one, other) => {
        const [smaller, larger] = [Math.min(one, other), Math.max(one, other)];
        const [first, second] = [smaller, larger].map((error) => judge(controller, state, error, order));
        for (const { factor } of [first, second]) {
          expect(factor).toBeGreaterThanOrEqual(controller.smallestFactor);
          expect(factor).toBeLessThanOrEqual(controller.largestFactor);
        }
        if (!second.accepted) expect(second.factor).toBeLessThan(1);
        if (first.accepted === second.accepted) expect(first.factor).toBeGreaterThanOrEqual(second.factor);
      }),
    );
  });

  it("remembers the last two accepted errors", () => {
    fc.assert(
      fc.property(states, errors, (state, error) => {
        const accepted = [Math.max(error, controller.smallestPrevious), state.previousErrors[0]];
        expect(judge(controller, state, error, order).state).toEqual(
          error <= 1 ? { previousErrors: accepted } : state,
        );
      }),
    );
  });

  it("grows as far as it may after a step without error", () => {
    expect(judge(controller, { previousErrors: [0.5, 0.2] }, 0, order)).toEqual({
      accepted: true,
      factor: controller.largestFactor,
      state: start,
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "shrinks as far as it may after an error of %d",
    (error) => {
      expect(judge(controller, start, error, order)).toEqual({
        accepted: false,
        factor: controller.smallestFactor,
        state: start,
      });
    },
  );

  it("repeats a step where the error has settled: E = safety^(q / integral)", () => {
    const settled = controller.safety ** (order / controller.integral);
    const { factor } = judge(controller, { previousErrors: [settled, settled] }, settled, order);
    expect(factor).toBeCloseTo(1, 12);
  });

  it("brings the error of an ideal problem, E = (h / h0)^q, to where it settles", () => {
    const settled = controller.safety ** (order / controller.integral);
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (first) => {
        let h = first;
        let state = start;
        let error = Number.NaN;
        for (let i = 0; i < 200; i++) {
          error = h ** order;
          const verdict = judge(controller, state, error, order);
          h *= verdict.factor;
          state = verdict.state;
        }
        // a controller that never shrinks an accepted step stays where it was accepted
        if (controller.shrinksAccepted) expect(error).toBeCloseTo(settled, 9);
        else expect(error).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each(adaptiveMethods)("asks $name for more steps the tighter the tolerance", (method) => {
    const problem = problemOf(referenceProblem("lotka_volterra"));
    const tolerances = method.order < 3 ? [1e-2, 1e-3, 1e-4] : [1e-3, 1e-5, 1e-7, 1e-9];
    const counts = tolerances.map((tolerance) => {
      const solution = solve(problem, { method, controller, rtol: tolerance, atol: tolerance });
      expect(solution.code).toBe("success");
      return solution.stats.accepted;
    });
    expect([...counts].sort((a, b) => a - b)).toEqual(counts);
    expect(new Set(counts).size).toBe(counts.length);
  });
});

describe("a controller with three coefficients", () => {
  const coefficients = fc.double({ min: 0, max: 1, noNaN: true });
  const unclipped = { shrinksAccepted: true, smallestFactor: 0, largestFactor: Number.POSITIVE_INFINITY };
  const allowed = fc.double({ min: -4, max: 0, noNaN: true }).map((exponent) => 10 ** exponent);

  it("is the product of powers that diffrax and SUNDIALS write", () => {
    fc.assert(
      fc.property(coefficients, coefficients, coefficients, allowed, allowed, allowed, (...drawn) => {
        const [integral, proportional, derivative, error, before, earliest] = drawn;
        const controller = { ...integralController, ...unclipped, integral, proportional, derivative };
        const { factor } = judge(controller, { previousErrors: [before, earliest] }, error, order);
        const product =
          (1 / error) ** ((integral + proportional + derivative) / order) *
          (1 / before) ** (-(proportional + 2 * derivative) / order) *
          (1 / earliest) ** (derivative / order);
        expect(factor).toBeAllclose(controller.safety * product, { relative: 1e-12 });
      }),
    );
  });

  it("gives each method the same gain: E^(1/q) stands for the step's size", () => {
    fc.assert(
      fc.property(coefficients, coefficients, coefficients, allowed, (...drawn) => {
        const [integral, proportional, derivative, size] = drawn;
        const controller = { ...integralController, ...unclipped, integral, proportional, derivative };
        const factors = [2, 5, 8].map((q) => {
          const state: ControllerState = { previousErrors: [(size / 2) ** q, 1] };
          return judge(controller, state, size ** q, q).factor;
        });
        expect(factors[1]).toBeAllclose(factors[0], { relative: 1e-12 });
        expect(factors[2]).toBeAllclose(factors[0], { relative: 1e-12 });
      }),
    );
  });
});

describe("the PI controller of SciML", () => {
  // Pal et al. (ICML 2021) trained with it: 0.9^(1 / (7/50 - 2/25))
  it("settles at E = 0.173 for order 5", () => {
    const { safety, integral } = proportionalIntegralController;
    expect(safety ** (5 / integral)).toBeCloseTo(0.173, 3);
  });
});

describe("the records of a solve", () => {
  const problem = problemOf(referenceProblem("vdp_mu10"));

  it.each([integralController, proportionalIntegralController])("show $name's decisions", (controller) => {
    const {
      steps,
      stats,
      stepTimes: ts,
    } = solve(problem, { controller, firstStep: 1, rtol: 1e-4, atol: 1e-4 });
    expect(stats.rejected).toBeGreaterThan(0);
    let state = initialControllerState(controller);
    steps.forEach((step, i) => {
      const verdict = judge(controller, state, step.error, order);
      expect(step.accepted).toBe(verdict.accepted);
      state = verdict.state;
      const next = steps[i + 1];
      if (!next) return;
      expect(next.t).toBe(step.accepted ? ts[ts.indexOf(step.t) + 1] : step.t);
      // the last step is cut at the end of the span
      if (i + 1 < steps.length - 1) expect(next.h).toBeCloseTo(step.h * verdict.factor, 12);
    });
    expect(ts[0]).toBe(0);
    expect(ts[ts.length - 1]).toBe(20);
  });
});
