import { expect, test } from "vitest";
import { errorAlongTime } from "../../src/report/error-along-time.js";
import type { StepRecord } from "../../src/solvers/ode/step-records.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

function steps(count: number): StepRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    t: i * 0.25,
    h: 0.2 + 0.1 * Math.sin(i),
    error: i % 5 === 3 ? 1.5 : 0.4 + 0.25 * Math.cos(i),
    errorFloor: 0.001,
    stiffness: 20 + i,
    accepted: i % 5 !== 3,
    method: "tsit5",
  }));
}

test("the specification is the one that was looked at", () => {
  expect(errorAlongTime(steps(4))).toMatchSnapshot();
});

test("the chart is sound, with rejected steps and without", async () => {
  await expectSoundChart(errorAlongTime(steps(40)));
  await expectSoundChart(errorAlongTime(steps(2)));
});

test("what a logarithm cannot show is left out of its panel alone", async () => {
  const odd = { ...steps(1)[0], t: 9, error: 0, errorFloor: 0, stiffness: Number.NaN };
  const tooltips = tooltipsOf(await runChart(errorAlongTime([...steps(3), odd])));
  // Three panels of three steps, and the odd step in the panel of step sizes.
  expect(tooltips.length).toBe(10);
});

test("the words count the steps, also those that a long solve's chart leaves out", () => {
  const long = errorAlongTime(steps(2000));
  expect(long.description).toContain("1600 steps accepted, 400 rejected");
  expect(JSON.stringify(long).length).toBeLessThan(80_000);
});
