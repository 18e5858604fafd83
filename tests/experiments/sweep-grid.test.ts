import fc from "fast-check";
import { expect, test } from "vitest";
import { experiments } from "../../src/experiments/experiments.js";
import { type GridWeight, plannedRuns, rowPath } from "../../src/experiments/sweep-grid.js";

const grids = fc.constantFrom(...Object.values(experiments)).chain((experiment) =>
  fc.record({
    experiment: fc.constant(experiment),
    methods: fc.uniqueArray(fc.constantFrom(...experiment.methods), { minLength: 1 }),
    seeds: fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 }),
    weights: fc.option(
      fc.uniqueArray<GridWeight>(
        fc.oneof(
          fc.constantFrom(0.3, 2, 7).map((value) => ({ value })),
          fc.constantFrom(0.5, 3).map((multiple) => ({ multiple })),
        ),
        { minLength: 1, maxLength: 3, comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
      ),
      { nil: undefined },
    ),
    preset: fc.constantFrom(...experiment.presets),
    epochs: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  }),
);

test("a grid's runs differ, are those that were asked for, and have files of their own", () => {
  fc.assert(
    fc.property(grids, ({ experiment, ...grid }) => {
      const runs = plannedRuns(experiment, grid);
      const unique = (values: readonly string[]) => new Set(values).size;
      expect(unique(runs.map(({ identity }) => identity.configuration))).toBe(runs.length);
      expect(unique(runs.map(({ identity }) => rowPath(identity)))).toBe(runs.length);
      expect(new Set(runs.map(({ identity }) => identity.seed))).toEqual(new Set(grid.seeds));
      expect(new Set(runs.map(({ identity }) => identity.method))).toEqual(new Set(grid.methods));
      for (const { options, identity } of runs) {
        expect(experiment.identity(options)).toEqual(identity);
        if (grid.epochs !== undefined) expect(identity.epochs).toBe(grid.epochs);
      }
    }),
  );
});

test("a multiple is of the method's own weight, and a method without one runs once", () => {
  const own = experiments["mnist-ode"].identity({ method: "ernode", preset: "full", seed: 1 }).weight;
  const weights = [0.1, 1, 3].map((multiple) => ({ multiple }));
  const runs = plannedRuns(experiments["mnist-ode"], {
    methods: ["vanilla", "ernode"],
    seeds: [1],
    weights,
    preset: "full",
  });
  const chosen = runs.map(({ identity }) => [identity.method, identity.weight]);
  expect(chosen.map(([method]) => method)).toEqual(["vanilla", "ernode", "ernode", "ernode"]);
  expect(chosen.map(([, weight]) => weight)).toBeAllclose([0, 0.1 * own, own, 3 * own]);
});
