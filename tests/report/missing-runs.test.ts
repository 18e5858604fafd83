import { expect, test } from "vitest";
import { experiments } from "../../src/experiments/experiments.js";
import { plannedRuns } from "../../src/experiments/sweep-grid.js";
import { missingRuns, missingText } from "../../src/report/missing-runs.js";

const grid = { methods: ["vanilla", "ernode"], seeds: [1, 2], preset: "quick" };
const whole = plannedRuns(experiments["mnist-ode"], grid).map(({ identity }) => identity);

test("what is missing of a grid is what was taken from it", () => {
  for (const gone of whole) {
    const [{ missing }] = missingRuns(
      whole.filter((row) => row !== gone),
      grid,
    );
    expect(missing.map(({ identity }) => identity)).toEqual([gone]);
  }
  expect(missingRuns(whole, grid)[0].missing).toEqual([]);
});

test("without a grid all methods are wanted, and every weight at every seed that some row has", () => {
  const weighted = plannedRuns(experiments["mnist-ode"], {
    ...grid,
    methods: ["ernode"],
    seeds: [2],
    weights: [{ value: 7 }],
  }).map(({ identity }) => identity);
  const [found] = missingRuns([...whole, ...weighted]);
  const { methods } = experiments["mnist-ode"];
  const names = found.missing.map(({ identity: { method, weight, seed } }) => `${method} ${weight} ${seed}`);
  expect(names).toContain("ernode 7 1");
  expect(new Set(found.missing.map(({ identity }) => identity.method))).toEqual(
    new Set(methods.filter((method) => method !== "vanilla")),
  );
  expect(names.filter((name) => name.startsWith("steer "))).toEqual(["steer 0 1", "steer 0 2"]);
});

test("the words name method, weight and seeds", () => {
  const [found] = missingRuns(whole, grid);
  expect(missingText({ title: "all", missing: found.missing })).toBe("all: nothing is missing");
  const [other] = missingRuns([whole[0]], { ...grid, seeds: [1] });
  expect(missingText(other)).toMatch(/: 1 missing: ernode at weight 1 \(seed 1\)$/);
});
