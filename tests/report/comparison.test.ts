import fc from "fast-check";
import { expect, test } from "vitest";
import { comparisons } from "../../src/report/comparison.js";
import { resultRow } from "./result-rows.js";

const configurations = fc.record({
  experiment: fc.constantFrom("mnist-ode", "spiral"),
  method: fc.constantFrom("linear", "vanilla", "ernode", "another"),
  preset: fc.constantFrom("quick", "full"),
  seed: fc.integer({ min: 1, max: 4 }),
  epochs: fc.constantFrom(1, 3),
  weight: fc.constantFrom(0, 0.1, 1),
  rtol: fc.constantFrom(1e-8, 1.4e-8),
  precision: fc.constantFrom("float32", "float64"),
  controller: fc.constantFrom("I", "PI"),
  target: fc.constantFrom("javascript", "onnx"),
});

const distinctRows = fc
  .uniqueArray(configurations, { selector: (row) => JSON.stringify(row), maxLength: 60 })
  .map((rows) => rows.map((row) => resultRow(row)));

test("an arm's rows differ in nothing of the configuration but the seed, an arm's neighbours in method or weight", () => {
  fc.assert(
    fc.property(distinctRows, (rows) => {
      for (const { arms } of comparisons(rows)) {
        const shared = new Set<string>();
        for (const arm of arms) {
          expect(new Set(arm.rows.map((row) => JSON.stringify({ ...row, seed: 0 }))).size).toBe(1);
          expect(new Set(arm.rows.map((row) => row.seed)).size).toBe(arm.rows.length);
          shared.add(JSON.stringify({ ...arm.rows[0], seed: 0, method: "", weight: 0 }));
        }
        expect(shared.size).toBe(1);
      }
    }),
  );
});

test("every row is in one arm, whatever the order of the rows, and no title stands for two configurations", () => {
  fc.assert(
    fc.property(distinctRows, (rows) => {
      const found = comparisons(rows);
      const placed = found.flatMap(({ arms }) => arms.flatMap((arm) => arm.rows));
      expect(placed.length).toBe(rows.length);
      expect(new Set(placed)).toEqual(new Set(rows));
      const byTitle = (a: { title: string }, b: { title: string }) => (a.title < b.title ? -1 : 1);
      expect(comparisons([...rows].reverse()).sort(byTitle)).toEqual([...found].sort(byTitle));
      expect(new Set(found.map(({ title }) => title)).size).toBe(found.length);
    }),
  );
});

test("baselines come first, then the methods that are known, then others by name, each by rising weight", () => {
  const arms = [
    ["ernode", 1],
    ["another", 2],
    ["ernode", 0.1],
    ["vanilla", 0],
    ["linear", 0],
  ] as const;
  const [{ arms: sorted }] = comparisons(arms.map(([method, weight]) => resultRow({ method, weight })));
  expect(sorted.map(({ method, weight }) => [method, weight])).toEqual([
    ["linear", 0],
    ["vanilla", 0],
    ["ernode", 0.1],
    ["ernode", 1],
    ["another", 2],
  ]);
});

test("a run that is listed twice is refused, for it would count twice", () => {
  expect(() => comparisons([resultRow({ seed: 7 }), resultRow({ seed: 7, testAccuracy: 0.5 })])).toThrow(
    /two rows of "mnist-ode · quick .*" have method vanilla, weight 0 and seed 7/,
  );
});
