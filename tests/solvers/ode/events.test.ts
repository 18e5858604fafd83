import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linspace } from "../../../src/compiler/nd-array.js";
import { autoSwitch } from "../../../src/solvers/ode/auto-switch.js";
import type { EventDirection } from "../../../src/solvers/ode/event.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import { integrate, solve } from "../../../src/solvers/ode/solve.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { dopri8 } from "../../../src/solvers/tableaux/dopri8.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { countingTarget } from "../../laws/counting-target.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { representativeMethods } from "../tableaux/methods.js";
import { stiffInTheMiddle, switchesOf } from "./stiff-problems.js";

/** x = sin t, v = cos t. */
const oscillator = (span: readonly [number, number]) =>
  odeProblem({
    field: (_, { x, v }) => ({ x: v, v: tf.neg(x) }),
    y0: { x: Math.sin(span[0]), v: Math.cos(span[0]) },
    span,
  });

/** Multiples of pi in (from, to), in that order. */
function crossings(from: number, to: number): number[] {
  const all = Array.from({ length: 20 }, (_, i) => i * Math.PI);
  const inside = all.filter((t) => t > Math.min(from, to) && t < Math.max(from, to));
  return from < to ? inside : inside.reverse();
}

const times = (events: readonly { readonly t: number }[]) => events.map(({ t }) => t);

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  const { precision } = target;
  const tolerance = precision === "float64" ? 1e-10 : 1e-5;

  it("an oscillator's zeros are multiples of pi, forwards and backwards", () => {
    const [last, spans] = target.name === "tfjs" ? [4, 2] : [16, 3];
    for (const span of [
      [0, last],
      [last, 0.5],
      [1, last],
    ].slice(0, spans) as [number, number][]) {
      const options = { target, precision, rtol: tolerance, atol: tolerance };
      const zero = { when: (_: tf.Scalar, { x }: { x: tf.Tensor }) => x, name: "zero" };
      const { events, code } = solve(oscillator(span), { ...options, events: [zero] });
      expect(code).toBe("success");
      // that it starts on a zero is no crossing
      const wanted = crossings(span[0], span[1]);
      expect(events).toHaveLength(wanted.length);
      events.forEach(({ index, name, t, y }, i) => {
        expect([index, name]).toEqual([0, "zero"]);
        expect(Math.abs(t - wanted[i])).toBeLessThan(100 * tolerance);
        expect(Math.abs(y.x.data[0])).toBeLessThan(precision === "float64" ? 1e-14 : 1e-6);
        expect(Math.abs(y.v.data[0])).toBeAllclose(1, { relative: 100 * tolerance });
      });
    }
  });
});

describe.each([...representativeMethods, dopri8, rosenbrock23, autoSwitch(tsit5, rosenbrock23)])(
  "by $name",
  (method) => {
    // dense output is of order 3 or 4, with rosenbrock23 of order 2
    const options = { method, rtol: 1e-6, atol: 1e-6, target: "javascript", maxStep: 0.1 } as const;
    const zero = { when: (_: tf.Scalar, { x }: { x: tf.Tensor }) => x };

    it("events leave the steps alone, and a terminal one ends them", () => {
      const plain = solve(oscillator([0, 10]), options);
      const watched = solve(oscillator([0, 10]), { ...options, events: [zero], saveAt: [1, 3, 4, 9] });
      expect(watched.stepTimes).toEqual(plain.stepTimes);
      expect(watched.y1).toEqual(plain.y1);
      const stopped = solve(oscillator([0, 10]), {
        ...options,
        events: [{ ...zero, terminal: true, name: "zero" }],
        saveAt: [1, 3, 4, 9],
        dense: true,
      });
      expect(stopped).toMatchObject({
        code: "event",
        message: expect.stringContaining("event ended the solve at t = 3.1"),
      });
      expect(times(stopped.events)).toEqual([watched.events[0].t]);
      expect(stopped.events[0].t).toBeAllclose(Math.PI, { relative: 1e-4 });
      expect(stopped.y1).toEqual(stopped.events[0].y);
      expect([...stopped.ts]).toEqual([1, 3]);
      expect(stopped.ys.x.data).toEqual(watched.ys.x.data.slice(0, 2));
      // the steps are those before it, and it stands at the end of the last
      const before = plain.stepTimes.filter((time) => time < stopped.events[0].t);
      expect([...stopped.stepTimes]).toEqual([...before, stopped.events[0].t]);
      expect(stopped.at(stopped.events[0].t)).toEqual(stopped.y1);
      expect(() => stopped.at(4)).toThrow(RangeError);
    });

    it("the state at a terminal event has the gradient of a state that is saved at that time", () => {
      const problem = oscillator([0, 5]);
      const at = solve(problem, { ...options, events: [{ ...zero, terminal: true }] }).events[0].t;
      const ending = solveVjp(problem, { ...options, events: [{ ...zero, terminal: true }], saveAt: [1, 3] });
      const saving = solveVjp(problem, { ...options, saveAt: [1, 3, at] });
      const [first, second] = [0.5, -2];
      const byEnding = ending.pullback({ y1: { x: 1, v: 3 }, ys: { x: [first, 0], v: [0, second] } });
      const bySaving = saving.pullback({ ys: { x: [first, 0, 1], v: [0, second, 3] } });
      expect(ending.solution.y1.v.data[0]).toBe(saving.solution.ys.v.data[2]);
      expect(byEnding.y0.x.data[0]).toBeAllclose(bySaving.y0.x.data[0], { relative: 1e-12 });
      expect(byEnding.y0.v.data[0]).toBeAllclose(bySaving.y0.v.data[0], { relative: 1e-12 });
      ending.dispose();
      saving.dispose();
    });

    it("every value is freed once", () => {
      const target = countingTarget();
      const events = [zero, { when: (_: tf.Scalar, { v }: { v: tf.Tensor }) => v, terminal: true }];
      const problem = oscillator([0, 5]);
      solve(problem, { ...options, target, events });
      expect(target.values).toBe(0);
      for (const record of integrate(problem, { ...options, target, events })) if (record.t > 1.6) break;
      expect(target.values).toBe(0);
      const taped = solveVjp(problem, { ...options, target, events });
      taped.pullback({ y1: { x: 1, v: 1 } });
      taped.dispose();
      expect(target.values).toBeLessThanOrEqual(2);
    });
  },
);

describe("a bouncing ball", () => {
  it("hits the ground when its parabolas say", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 20, noNaN: true }),
        fc.double({ min: 0.5, max: 0.95, noNaN: true }),
        (height, restitution) => {
          const g = 9.81;
          let [t, h, v] = [0, height, 0];
          // the first fall takes sqrt(2 h / g), each flight after that 2 v / g with a speed that has lost its share
          let wanted = Math.sqrt((2 * height) / g);
          let speed = g * wanted;
          for (let bounce = 0; bounce < 5; bounce++) {
            const ball = odeProblem({
              field: (_, y, p) => ({ h: y.v, v: tf.neg(p.g) }),
              y0: { h, v },
              params: { g },
              span: [t, t + 100],
            });
            const ground = {
              when: (_: tf.Scalar, y: { h: tf.Tensor }) => y.h,
              direction: "falling" as const,
            };
            const { code, events, y1 } = solve(ball, {
              target: "javascript",
              events: [{ ...ground, terminal: true }],
            });
            expect(code).toBe("event");
            expect(events).toHaveLength(1);
            expect(events[0].t).toBeAllclose(wanted, { relative: 1e-10 });
            expect(y1.v.data[0]).toBeAllclose(-speed, { relative: 1e-9 });
            [t, h, v] = [events[0].t, y1.h.data[0], -restitution * y1.v.data[0]];
            speed *= restitution;
            wanted += (2 * speed) / g;
          }
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe("crossings", () => {
  const sine = (direction: EventDirection) => ({
    when: (_: tf.Scalar, { x }: { x: tf.Tensor }) => x,
    direction,
  });

  it.each([
    [0, 16],
    [16, 0],
    [1, 14],
  ])("that rise and that fall along the way from %d to %d are all there are", (from, to) => {
    const events = [sine("rising"), sine("falling"), sine("both")];
    const found = solve(oscillator([from, to]), { events, rtol: 1e-9, atol: 1e-9 }).events;
    const of = (index: number) => times(found.filter((event) => event.index === index));
    expect([...of(0), ...of(1)].sort((a, b) => (a - b) * Math.sign(to - from))).toEqual(of(2));
    expect(of(0).length).toBeGreaterThan(0);
    // sin rises at even multiples of pi; going back, it falls there
    for (const t of of(to > from ? 0 : 1)) expect(Math.cos(t)).toBeAllclose(1, { relative: 1e-6 });
    for (const t of of(to > from ? 1 : 0)) expect(Math.cos(t)).toBeAllclose(-1, { relative: 1e-6 });
  });

  it("within one step are found in their order, one in each quarter", () => {
    const quarter = fc.double({ min: 0.02, max: 0.23, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(quarter, quarter, quarter, quarter), fc.boolean(), (offsets, backwards) => {
        const roots = offsets.map((offset, i) => offset + i / 4);
        const span = backwards ? ([1, 0] as const) : ([0, 1] as const);
        // the polynomial with these roots is time's alone; the state is time
        const watch = (t: tf.Tensor) => roots.map((root) => tf.sub(t, root)).reduce((a, b) => tf.mul(a, b));
        const clock = odeProblem({ field: (_, y) => tf.onesLike(y), y0: [span[0]], span });
        const events = [{ when: (_: tf.Scalar, y: tf.Tensor) => watch(tf.sum(y)) }, { when: watch }];
        const found = solve(clock, { grid: [span[1]], events, target: "javascript" }).events;
        const wanted = backwards ? [...roots].reverse() : roots;
        for (const index of [0, 1]) {
          const own = times(found.filter((event) => event.index === index));
          expect(own).toHaveLength(4);
          expect(own).toBeAllclose(wanted, { relative: 1e-13 });
        }
        const all = times(found);
        expect([...all].sort((a, b) => (backwards ? b - a : a - b))).toEqual(all);
      }),
      { numRuns: 30 },
    );
  });

  it("after a terminal one, in the same step, are not told", () => {
    const clock = odeProblem({ field: (_, y) => tf.onesLike(y), y0: [0], span: [0, 1] });
    const at = (time: number, terminal = false) => ({ when: (t: tf.Scalar) => tf.sub(t, time), terminal });
    const events = [at(0.7), at(0.6), at(0.65, true), at(0.1)];
    const solution = solve(clock, { grid: [1], events });
    expect(solution.events.map(({ index }) => index)).toEqual([3, 1, 2]);
    expect(solution.y1.data[0]).toBeAllclose(0.65, { relative: 1e-15 });
  });

  it("of zero that a solve starts from are none, nor are those that it has ended on", () => {
    const event = { ...sine("both"), terminal: true };
    let { events, y1 } = solve(oscillator([0, 20]), { events: [event] });
    for (let i = 1; i <= 4; i++) {
      expect(events).toHaveLength(1);
      expect(events[0].t).toBeAllclose(i * Math.PI, { relative: 1e-4 });
      const next = oscillator([events[0].t, 20]);
      ({ events, y1 } = solve({ ...next, y0: { ...next.y0, arrays: [y1.x, y1.v] } }, { events: [event] }));
    }
  });

  it("may depend on parameters and on time, at jumps and across a change of the method", () => {
    const problem = stiffInTheMiddle();
    const level = {
      when: (t: tf.Scalar, _: tf.Tensor, p: { rate: tf.Tensor }) => tf.sub(tf.mul(t, p.rate), 6000),
    };
    const zero = { when: (_: tf.Scalar, y: tf.Tensor) => tf.unstack(y)[0] };
    const solution = solve(problem, {
      method: autoSwitch(tsit5, rosenbrock23),
      rtol: 1e-7,
      atol: 1e-7,
      jumpTimes: [1, 2.5],
      events: [level, zero],
    });
    expect(switchesOf(solution)).toBeGreaterThanOrEqual(2);
    expect(solution.events.map(({ index }) => index)).toEqual([1, 0]);
    expect(times(solution.events)).toBeAllclose([Math.PI / 2, 2], { relative: 1e-4 });
  });

  it("need no evaluation with methods that have a polynomial of their own", () => {
    const options = { grid: linspace(0, 5, 21).slice(1), method: tsit5 };
    const plain = solve(oscillator([0, 5]), options);
    const watched = solve(oscillator([0, 5]), { ...options, events: [sine("both")] });
    expect(watched.stats).toEqual(plain.stats);
  });
});

describe("a function that is not a number", () => {
  it("is no event, and does not hide the next one", () => {
    const problem = oscillator([0, 7]);
    // sqrt of a negative number between pi and 2 pi
    const events = [{ when: (_: tf.Scalar, { x }: { x: tf.Tensor }) => tf.sub(tf.sqrt(x), 0.5) }];
    const found = solve(problem, { events, rtol: 1e-9, atol: 1e-9 }).events;
    expect(times(found)).toBeAllclose(
      [Math.asin(0.25), Math.PI - Math.asin(0.25), 2 * Math.PI + Math.asin(0.25)],
      { relative: 1e-7 },
    );
  });
});
