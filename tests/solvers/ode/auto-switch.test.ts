import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linspace } from "../../../src/compiler/nd-array.js";
import { autoSwitch } from "../../../src/solvers/ode/auto-switch.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import type { Step } from "../../../src/solvers/ode/step.js";
import { StiffnessWatch, stiffnessRule } from "../../../src/solvers/ode/stiffness-watch.js";
import { dopri5 } from "../../../src/solvers/tableaux/dopri5.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { vern7 } from "../../../src/solvers/tableaux/vern7.js";
import { countingTarget } from "../../laws/counting-target.js";
import { derivativeAtZero } from "../../laws/directional-derivative.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { doubles, referenceProblem, referenceProblems } from "../../reference-data.js";
import { componentsOf, problemOf } from "./problems.js";
import { stiffInTheMiddle, switchesOf } from "./stiff-problems.js";

const switching = autoSwitch(tsit5, rosenbrock23);
/** With a slope that is handed over at a switch, and with one that is not. */
const pairs = [switching, autoSwitch(dopri5, rosenbrock23), autoSwitch(vern7, rosenbrock23)];
const stiff = referenceProblems.filter(({ tags }) => tags.includes("stiff"));
const detest = referenceProblems.filter(({ tags }) => tags.includes("detest"));

describe("the rule", () => {
  it("has the numbers of OrdinaryDiffEq's AutoSwitch", () => {
    const file = new URL("../../reference/tableaux.json", import.meta.url);
    const { peer_defaults } = JSON.parse(readFileSync(file, "utf8"));
    const peer = peer_defaults.sciml_autoswitch;
    expect(switching.rule).toEqual({
      threshold: 9 / 10,
      stiffSteps: peer.maxstiffstep,
      nonstiffSteps: peer.maxnonstiffstep,
      stepFactor: peer.dtfac,
    });
    expect([peer.stifftol, peer.nonstifftol]).toEqual(["9/10", "9/10"]);
    for (const method of [tsit5, dopri5, vern7]) {
      expect(method.stabilitySize).toBeCloseTo(Number(peer.stability_size[method.name]), 2);
    }
  });

  it("finds a problem stiff after 11 steps held back, with never 4 others in a row between them", () => {
    const step = { method: { stabilitySize: 2 } } as Step;
    fc.assert(
      // mostly held back, so that both sides of the rule are seen
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), (numbers) => {
        const held = numbers.map((number) => number > 0);
        const watch = new StiffnessWatch(step, stiffnessRule);
        held.forEach((isHeld, i) => {
          watch.accept({ h: -0.5, stiffness: isHeld ? 3.7 : 3.5 } as never);
          const recent = held.slice(0, i + 1).map((value) => (value ? "x" : "."));
          const sinceFree = recent.join("").split("....").at(-1) ?? "";
          expect(watch.isStiff).toBe([...sinceFree].filter((mark) => mark === "x").length > 10);
        });
        expect(watch.stiffSteps).toBe(held.filter(Boolean).length);
      }),
    );
  });
});

describe.each([...stiff, { ...referenceProblem("vdp_mu10"), name: "vdp_mu10 (mildly stiff)" }])(
  "$name",
  (reference) => {
    it.each([1e-3, 1e-4])("is solved to ten times a tolerance of %d by switching", (rtol) => {
      const atol = 1e-3 * rtol;
      const { code, y1, steps } = solve(problemOf(reference), { method: switching, rtol, atol });
      expect(code).toBe("success");
      expect(steps.some(({ method }) => method === "rosenbrock23")).toBe(true);
      const wanted = doubles(reference.y1);
      // where errors grow along the solution, so must what is allowed
      const growth = Math.max(1, reference.sensitivity ?? 1);
      componentsOf(y1).forEach((value, i) => {
        const allowed = 10 * growth * (rtol * Math.abs(wanted[i]) + atol);
        expect(Math.abs(value - wanted[i])).toBeLessThan(allowed);
      });
    });
  },
);

describe("Van der Pol with mu = 1e6, over a whole period and more", () => {
  const problem = problemOf({ ...referenceProblem("vdp_mu1000"), params: { mu: "1e6" } }, [0, 2e6]);
  const solved = (method: typeof switching | typeof rosenbrock23, rtol: number) => {
    // the second component is of the size of 1 / mu; at 1e-7 the jumps at t = 8e5 would need steps that hardly move time
    const options = { method, rtol, atol: 1e-6 * rtol, maxSteps: 1e5, target: "javascript" } as const;
    const solution = solve(problem, options);
    expect(solution.code).toBe("success");
    return componentsOf(solution.y1);
  };
  const wanted = solved(rosenbrock23, 1e-6);

  it.each([rosenbrock23, switching])("is solved to ten times the tolerance by $name", (method) => {
    for (const rtol of [1e-3, 1e-4]) {
      solved(method, rtol).forEach((value, i) => {
        expect(Math.abs(value / wanted[i] - 1)).toBeLessThan(10 * rtol);
      });
    }
  });

  it("is left by an explicit method alone before it has come anywhere", () => {
    const { code, message, steps } = solve(problem, { method: tsit5, stopWhenStiff: true });
    expect(code).toBe("stiff");
    expect(message).toMatch(
      /^the problem is stiff at t = 0\.0000\d*: .* use a stiff method such as rosenbrock23/,
    );
    expect(steps.length).toBeLessThan(100);
  });
});

describe.each(detest)("$name", (reference) => {
  it("is never switched on: step by step it is solved as by the first method alone", () => {
    for (const tolerance of [1e-6, 1e-8, 1e-10]) {
      const options = { rtol: tolerance, atol: tolerance, target: "javascript" } as const;
      const alone = solve(problemOf(reference), { ...options, method: tsit5, stopWhenStiff: true });
      const switched = solve(problemOf(reference), { ...options, method: switching });
      expect(alone.code).toBe("success");
      expect(switched.steps).toEqual(alone.steps);
    }
  });
});

describe("switching", () => {
  it("goes both ways, more than five times on Van der Pol's equation, with a step twice and half as long", () => {
    const { steps, stats } = solve(problemOf(referenceProblem("vdp_sciml")), {
      method: switching,
      rtol: 1e-4,
    });
    const accepted = steps.filter((step) => step.accepted);
    expect(switchesOf({ steps })).toBeGreaterThan(5);
    // SciML's test of the same problem: fewer than 5000 steps in all
    expect(steps.length).toBeLessThan(5000);
    expect(stats.stiff).toBeGreaterThan(0);
    steps.forEach((step, i) => {
      const before = steps[i - 1];
      if (!before || step.method === before.method) return;
      expect(before.accepted).toBe(true);
      const index = accepted.indexOf(before);
      const run = accepted.slice(Math.max(0, index - 3), index + 1);
      if (step.method === "rosenbrock23") {
        expect(before.h * before.stiffness).toBeGreaterThan(0.9 * 3.5068);
        // the integral controller lets no accepted step shrink
        expect(step.h / before.h).toBeGreaterThanOrEqual(2 * (1 - 1e-9));
      } else {
        expect(run.every(({ h, stiffness }) => h * stiffness <= 0.9 * 3.5068)).toBe(true);
      }
    });
  });

  it.each(pairs)("counts evaluations and Jacobians by the method that took them: $name", (method) => {
    const { steps, stats } = solve(stiffInTheMiddle(), { method, rtol: 1e-5, atol: 1e-5 });
    const attempts = (name: string) => steps.filter((step) => step.method === name).length;
    const [explicit, implicit] = [attempts(method.nonstiff.name), attempts("rosenbrock23")];
    const perStep = method.nonstiff === vern7 ? 10 : 6;
    expect(switchesOf({ steps })).toBeGreaterThanOrEqual(2);
    expect(stats.jacobians).toBe(implicit);
    expect(stats.nfe.steps).toBe(perStep * explicit + 2 * implicit);
    // a slope is handed over, or has to be evaluated when a method takes over that needs one
    const takeovers = steps.filter(({ method: name }, i) => i > 0 && name !== steps[i - 1].method);
    const evaluated =
      method.nonstiff === vern7 ? takeovers.filter((step) => step.method === "rosenbrock23") : [];
    expect(stats.nfe.start).toBe(1 + evaluated.length);
  });

  it.each(pairs)(
    "keeps to the solution at saved times and at any other, both ways in time: $name",
    (method) => {
      for (const span of [
        [0, 4],
        [4, 0],
      ] as const) {
        const problem = stiffInTheMiddle(span);
        const times = linspace(span[0], span[1], 41);
        const options = { method, rtol: 1e-6, atol: 1e-6 };
        const saving = solve(problem, { ...options, saveAt: times });
        const dense = solve(problem, { ...options, dense: true });
        expect(switchesOf(dense)).toBeGreaterThanOrEqual(2);
        times.forEach((time, i) => {
          const saved = saving.ys.data.slice(2 * i, 2 * i + 2);
          // programs with and without dense output may round differently
          expect(dense.at(time).data).toBeAllclose(saved, { relative: 1e-8 });
          // at the end of the stiff part the error at the start is forgotten
          if (i > 20) for (const y of saved) expect(Math.abs(y - Math.cos(time))).toBeLessThan(1e-4);
        });
      }
    },
  );

  it.each(pairs)("has the gradient of its steps, also across a switch: $name", (method) => {
    const problem = stiffInTheMiddle();
    const options = {
      method,
      rtol: 1e-4,
      atol: 1e-4,
      saveAt: [1, 1.9, 2.3, 3.7],
      target: "javascript",
    } as const;
    const taped = solveVjp(problem, options);
    const { stepTimes, steps } = taped.solution;
    expect(switchesOf({ steps })).toBeGreaterThanOrEqual(2);
    const accepted = steps.filter((step) => step.accepted);
    const perStep = Float64Array.from(accepted, (_, i) => Math.sin(i));
    const stiffness = perStep.map((weight) => 1e-3 * weight);
    const ys = { shape: [4, 2], data: Float64Array.from({ length: 8 }, (_, i) => 2 * Math.cos(i)) };
    const gradients = taped.pullback({ y1: [1, -2], ys, error: perStep, stiffness });
    taped.dispose();
    const replayed = (y0: readonly number[], rate: number) => {
      const moved = {
        ...stiffInTheMiddle(),
        y0: { ...problem.y0, arrays: [{ shape: [2], data: Float64Array.from(y0) }] },
      };
      const params = { ...problem.params, arrays: [{ shape: [], data: Float64Array.of(rate) }] };
      const replay = solve(
        { ...moved, field: problem.field, params },
        { ...options, grid: [...stepTimes.slice(1)] },
      );
      // on the same steps the same decisions are made
      expect(replay.steps.map((step) => step.method)).toEqual(accepted.map((step) => step.method));
      const sum = (values: ArrayLike<number>, weights: ArrayLike<number>) =>
        Array.from(values).reduce((total, value, i) => total + value * weights[i], 0);
      return (
        sum(replay.y1.data, [1, -2]) +
        sum(replay.ys.data, ys.data) +
        sum(
          replay.steps.map(({ error }) => error),
          perStep,
        ) +
        sum(
          replay.steps.map((step) => step.stiffness),
          stiffness,
        )
      );
    };
    const [a, b] = problem.y0.arrays[0].data;
    const expectDerivative = (found: number, f: (distance: number) => number) => {
      const { value, uncertainty } = derivativeAtZero(f);
      expect(uncertainty).toBeLessThan(5e-6 * Math.abs(value));
      expect(found).toBeAllclose(value, { relative: 1e-5 });
    };
    expectDerivative(gradients.y0.data[0], (distance) => replayed([a + distance, b], 3000));
    expectDerivative(gradients.y0.data[1], (distance) => replayed([a, b + distance], 3000));
    expectDerivative(
      gradients.params.rate.data[0],
      (distance) => replayed([a, b], 3000 + 300 * distance) / 300,
    );
  });

  it.each(pairs)("frees every value once: $name", (method) => {
    const target = countingTarget();
    const options = { method, rtol: 1e-4, atol: 1e-4, target, saveAt: [1, 3] };
    const solution = solve(stiffInTheMiddle(), { ...options, dense: true });
    expect(switchesOf(solution)).toBeGreaterThanOrEqual(2);
    expect(target.values).toBe(0);
    const taped = solveVjp(stiffInTheMiddle(), options);
    taped.pullback({ y1: [1, 1] });
    taped.dispose();
    // zeros of state and parameters, which the cached programs keep once a gradient was asked for
    expect(target.values).toBe(2);
  });

  it.each(
    allTargets
      .filter(({ name }) => ["javascript", "wasm"].includes(name))
      .map((target) => [targetText(target), target] as const),
  )("works wherever linear systems can be solved: on %s", (_, target) => {
    const { precision } = target;
    const options = { method: switching, target, precision, rtol: 1e-3, atol: 1e-3 };
    const taped = solveVjp(stiffInTheMiddle(), options);
    const { solution } = taped;
    expect(switchesOf(solution)).toBeGreaterThanOrEqual(2);
    expect(solution.y1.data).toBeAllclose([Math.cos(4), Math.cos(4)], { relative: 1e-2 });
    const ones = new Float64Array(solution.stats.accepted).fill(1);
    const gradients = taped.pullback({ y1: [1, 1], stiffness: ones });
    taped.dispose();
    // S is the rate, or close to it: a unit of the rate adds the bump to every step's
    const bumps = solution.steps
      .filter((step) => step.accepted && step.method === "rosenbrock23")
      .reduce((sum, { t }) => sum + Math.exp(-((2 * (t - 2)) ** 2)), 0);
    expect(gradients.params.rate.data[0]).toBeGreaterThan(0.9 * bumps);
    expect(gradients.params.rate.data[0]).toBeLessThan(2 * bumps);
  });

  it("uses its programs again when it is put together anew", () => {
    const target = countingTarget();
    const problem = stiffInTheMiddle();
    solve(problem, { method: autoSwitch(tsit5, rosenbrock23), target });
    const { programs } = target;
    solve(problem, { method: autoSwitch(tsit5, rosenbrock23), target });
    expect(target.programs).toBe(programs);
    solve(problem, { method: autoSwitch(tsit5, rosenbrock23, { stiffSteps: 5 }), target });
    expect(target.programs).toBeGreaterThan(programs);
  });
});

describe("an explicit method on a stiff problem", () => {
  it.each(stiff.map(({ name }) => name))("stops early if asked to, and says when and why: %s", (name) => {
    const problem = problemOf(referenceProblem(name));
    const solution = solve(problem, { method: tsit5, rtol: 1e-4, atol: 1e-7, stopWhenStiff: true });
    expect(solution.code).toBe("stiff");
    expect(solution.message).toMatch(
      /the problem is stiff at t = [\d.e-]+: stability, not accuracy, held back/,
    );
    expect(solution.steps.length).toBeLessThan(150);
    expect(solution.stats.stiff).toBeGreaterThan(10);
    // the last good state
    expect(componentsOf(solution.y1).every(Number.isFinite)).toBe(true);
    expect(solution.stepTimes).toHaveLength(solution.stats.accepted + 1);
  });

  it("does not stop where it has come to the end", () => {
    const reference = referenceProblem("prothero_robinson_1e6");
    const options = { method: tsit5, stopWhenStiff: true, firstStep: 1e-7 };
    const { t, h } = solve(problemOf(reference), options).steps.at(-1) as { t: number; h: number };
    expect(solve(problemOf(reference, [0, t + h]), options).code).toBe("success");
    expect(solve(problemOf(reference, [0, t + 2 * h]), options).code).toBe("stiff");
  });

  it("goes on if not asked to stop, and suspects stiffness when its steps run out", () => {
    const problem = problemOf(referenceProblem("prothero_robinson_1e6"));
    const { code, message } = solve(problem, { method: tsit5, maxSteps: 300 });
    expect(code).toBe("maximumSteps");
    expect(message).toMatch(
      /the problem is probably stiff, for stability held back \d+ of the \d+ accepted steps/,
    );
  });

  it("is not suspected where accuracy limits the steps", () => {
    const problem = problemOf(referenceProblem("lotka_volterra"));
    const { message } = solve(problem, { method: tsit5, rtol: 1e-10, atol: 1e-10, maxSteps: 50 });
    expect(message).toMatch(/loosen the tolerances, raise maxSteps/);
  });
});
