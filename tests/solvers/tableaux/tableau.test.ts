import { describe, expect, it } from "vitest";
import { allTableaux } from "../../../src/solvers/tableaux/all-tableaux.js";
import { type Tableau, type TableauCoefficients, tableau } from "../../../src/solvers/tableaux/tableau.js";
import { double, referenceMethod } from "../../reference-data.js";
import { orderResidual, rootedTrees } from "./rooted-trees.js";

/** Residuals of the order conditions in doubles, for coefficients of order one. */
const rounding = 1e-13;
/** A condition that does not hold misses by far more than rounding. */
const violated = 1e-7;

const largestWeight = ({ a, b }: Tableau): number => Math.max(1, ...[...a, b].flat().map(Math.abs));

const largestResidual = (order: number, a: readonly (readonly number[])[], b: readonly number[]): number =>
  Math.max(...rootedTrees(order).map((tree) => orderResidual(tree, a, b)));

const withinRounding = (actual: readonly number[], wanted: readonly number[], unitsInLastPlace = 2): void => {
  expect(actual.length).toBe(wanted.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(
      unitsInLastPlace * Number.EPSILON * Math.abs(wanted[i]),
    );
  });
};

describe("rooted trees", () => {
  // Cayley's numbers (OEIS A000081)
  it.each([1, 1, 2, 4, 9, 20].map((count, i) => [i + 1, count]))("of order %i are %i", (order, count) => {
    expect(rootedTrees(order)).toHaveLength(count);
    expect(new Set(rootedTrees(order).map((tree) => JSON.stringify(tree))).size).toBe(count);
  });
});

describe.each(allTableaux)("the tableau of $name", (method) => {
  const reference = referenceMethod(method);
  const errorWeights = method.errorWeights ?? [];

  it("has the coefficients of its paper to the last bit or so", () => {
    expect(method.stages).toBe(reference.stages);
    method.a.forEach((row, i) => {
      withinRounding(row, reference.f64.A[i]);
    });
    withinRounding(method.b, reference.f64.b);
    withinRounding(errorWeights, reference.f64.b_err ?? []);
  });

  it("has what follows from them: times of the stages, FSAL, orders, stability", () => {
    method.c.forEach((time, i) => {
      // a sum of terms that cancel
      expect(Math.abs(time - reference.f64.c[i])).toBeLessThan(8 * Number.EPSILON * largestWeight(method));
    });
    expect(method.fsal).toBe(reference.fsal);
    expect(method.order).toBe(reference.order);
    expect(method.stabilitySize).toBeCloseTo(double(reference.stability.real_axis_interval), 3);
    expect(reference.stiffness.pairs).toEqual(method.stiffnessPair ? [method.stiffnessPair] : []);
  });

  it("satisfies every condition of its order, and not all of the next", () => {
    for (let order = 1; order <= method.order; order++) {
      expect(largestResidual(order, method.a, method.b)).toBeLessThan(rounding * largestWeight(method));
    }
    expect(largestResidual(method.order + 1, method.a, method.b)).toBeGreaterThan(violated);
  });

  it.runIf(method.errorWeights)("has an embedded formula of the reference's order, and no higher", () => {
    const embedded = method.b.map((weight, i) => weight - errorWeights[i]);
    const embeddedOrder = reference.embedded_order ?? Number.NaN;
    expect(method.errorOrder).toBe(Math.min(method.order, embeddedOrder) + 1);
    for (let order = 1; order <= embeddedOrder; order++) {
      expect(largestResidual(order, method.a, embedded)).toBeLessThan(rounding * largestWeight(method));
    }
    expect(largestResidual(embeddedOrder + 1, method.a, embedded)).toBeGreaterThan(violated);
  });

  it.runIf(method.dense)(
    "has the continuous extension of the reference, of order 4 or the method's all along the step",
    () => {
      const dense = method.dense ?? [];
      const wanted = reference.f64.dense;
      for (const [i, row] of dense.entries()) if (wanted) withinRounding(row, wanted[i], 8);
      for (const theta of [0.1, 0.3, 0.5, 0.8]) {
        // the stages' weights at theta, and the method as seen from a step of size theta h
        const weights = dense.map((row) => row.reduce((sum, c, k) => sum + c * theta ** (k + 1), 0) / theta);
        const scaled = method.a.map((row) => row.map((weight) => weight / theta));
        for (let order = 1; order <= Math.min(4, method.order); order++) {
          expect(largestResidual(order, scaled, weights)).toBeLessThan(1e-9);
        }
      }
    },
  );
});

describe("tableau", () => {
  const heun: TableauCoefficients = {
    name: "heun",
    order: 2,
    errorOrder: 2,
    a: [[], [1]],
    b: [1 / 2, 1 / 2],
    errorWeights: [-1 / 2, 1 / 2],
  };

  it("derives that a method without a repeated last stage is not FSAL", () => {
    expect(tableau(heun)).toMatchObject({ stages: 2, c: [0, 1], fsal: false, lastStageAtEnd: false });
  });

  it.each<[string, Partial<TableauCoefficients>, string]>([
    ["a row too many", { a: [[], [1], [0, 1]] }, "a has 3 rows, but b has 2 weights; give one row per stage"],
    ["an implicit row", { a: [[0], [1]] }, "row 0 of a has 1 weights, an explicit method needs 0"],
    [
      "a row without numbers",
      { a: [[], [Number.NaN]] },
      "the weights a must be numbers, the rows sum to 0,NaN",
    ],
    ["weights that miss one", { b: [1 / 2, 1 / 4] }, "the weights b must sum to 1, got 0.75"],
    ["weights that are no numbers", { b: [Number.NaN, 1] }, "the weights b must sum to 1, got NaN"],
    [
      "an error weight too few",
      { errorWeights: [0] },
      "errorWeights has 1 entries, one per stage is needed, 2",
    ],
    ["error weights off zero", { errorWeights: [-1 / 2, 1] }, "errorWeights must sum to 0, got 0.5"],
    [
      "error weights that are no numbers",
      { errorWeights: [Number.NaN, 0] },
      "errorWeights must sum to 0, got NaN",
    ],
    ["a dense row too few", { dense: [[1, -1 / 2]] }, "dense has 1 rows, one per stage is needed, 2"],
    [
      "a dense row that starts elsewhere",
      {
        dense: [
          [1, -1 / 2],
          [1 / 2, 0],
        ],
      },
      "row 1 of dense must start with 0, got 0.5",
    ],
    [
      "a dense row that ends elsewhere",
      {
        dense: [
          [1, -1 / 2],
          [0, 1],
        ],
      },
      "row 1 of dense must sum to b[1] = 0.5, got 1",
    ],
    [
      "a stiffness pair apart in time",
      { stiffnessPair: [0, 1] },
      "the stages 0 and 1 of stiffnessPair must be at one time, they are at 0 and 1",
    ],
    [
      "a stiffness pair with a stage that is not there",
      { stiffnessPair: [0, 2] },
      "stiffnessPair must name two of the stages 0 to 1, got 0 and 2",
    ],
    [
      "a stiffness pair of one stage with itself",
      { stiffnessPair: [1, 1] },
      "stiffnessPair must name two of the stages 0 to 1, got 1 and 1",
    ],
  ])("refuses %s", (_, change, sentence) => {
    expect(() => tableau({ ...heun, ...change })).toThrow(new RangeError(`tableau "heun": ${sentence}`));
  });
});
