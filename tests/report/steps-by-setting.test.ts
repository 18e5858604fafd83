import { expect, test } from "vitest";
import { type SettingSolve, stepsBySetting } from "../../src/report/steps-by-setting.js";
import type { StepRecord } from "../../src/solvers/ode/step-records.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

function steps(count: number, size: number): StepRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    t: i * size,
    h: size * (1 + 0.1 * Math.sin(i)),
    error: i % 5 === 3 ? 1.5 : 0.4 + 0.25 * Math.cos(i),
    errorFloor: 0.001,
    stiffness: 20 + i,
    accepted: i % 5 !== 3,
    method: "tsit5",
  }));
}

const solves: readonly SettingSolve[] = [-2, -3, -4].map((setting, i) => ({
  setting,
  steps: steps(4 * 2 ** i, 1 / 2 ** i),
}));
const words = { title: "Steps by tolerance", control: "tolerance 10^" };
const curve = { t: [0, 1, 2], y: [1, 2, 0] };

/** Numbers of drawn marks with tooltips: each step has one in either panel. */
const drawn = async (spec: ReturnType<typeof stepsBySetting>) => tooltipsOf(await runChart(spec)).length;

test("the specification is the one that was looked at", () => {
  const [first, second] = solves;
  expect(stepsBySetting([{ ...first, curve }, second], words)).toMatchSnapshot();
});

test("the chart is sound, with curves and without, with a slider and with a menu", async () => {
  await expectSoundChart(stepsBySetting(solves, words));
  const named = solves.map((solve) => ({ ...solve, setting: `${solve.setting}`, curve }));
  await expectSoundChart(stepsBySetting(named, words));
});

test("it shows the steps of the chosen setting alone", async () => {
  for (const { setting, steps } of solves) {
    expect(await drawn(stepsBySetting(solves, { ...words, initial: setting }))).toBe(2 * steps.length);
  }
  const view = await runChart(stepsBySetting(solves, words));
  await view.signal("setting", -4).runAsync();
  expect(tooltipsOf(view)).toHaveLength(2 * solves[2].steps.length);
});

test("a slider goes through evenly spaced numbers, a menu through anything else", () => {
  const bound = (settings: readonly (number | string)[]) => {
    const spec = stepsBySetting(
      settings.map((setting) => ({ ...solves[0], setting })),
      words,
    );
    return (spec.params as { bind: object }[])[0].bind;
  };
  expect(bound([-2, -4, -3])).toMatchObject({ input: "range", min: -4, max: -2, step: 1 });
  expect(bound([1, 2, 5])).toMatchObject({ input: "select", options: [1, 2, 5] });
  expect(bound(["I", "PI"])).toMatchObject({ input: "select", options: ["I", "PI"] });
});

test("the words tell all settings, the data stay small", () => {
  const { description } = stepsBySetting([{ setting: "I", steps: steps(2000, 1) }], words);
  expect(description).toContain("I: 1600 steps accepted, 400 rejected");
  const many = Array.from({ length: 10 }, (_, setting) => ({ setting, steps: steps(2000, 1) }));
  expect(JSON.stringify(stepsBySetting(many, words)).length).toBeLessThan(300_000);
  expect(() => stepsBySetting([], words)).toThrow("no solves");
});
