import fc from "fast-check";
import { expect, test } from "vitest";
import { convergenceChart, fittedOrder } from "../../src/report/convergence-chart.js";
import { expectSoundChart } from "./chart-laws.js";

const stepSizes = [0.125, 0.0625, 0.03125, 0.015625];

test("errors that are a power of the step size have its exponent for their order", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -3, max: 6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      (order, factor) => {
        const errors = stepSizes.map((h) => factor * h ** order);
        expect(Math.abs(fittedOrder(stepSizes, errors) - order)).toBeLessThan(1e-9);
      },
    ),
  );
});

test("one error has no order", () => {
  expect(fittedOrder([0.1], [1])).toBeNaN();
});

const methods = ["first", "second"].map((name, i) => ({
  name,
  h: stepSizes,
  errors: stepSizes.map((h) => h ** (i + 1)),
}));

test("the chart is sound, also while there is one step size, and names the orders", async () => {
  const spec = convergenceChart(methods, { title: "Errors", subtitle: "of two methods" });
  await expectSoundChart(spec);
  expect(spec.description).toBe("Errors: orders by regression first, 1.00; second, 2.00.");
  await expectSoundChart(
    convergenceChart([{ name: "first", h: [0.1], errors: [1] }], { title: "The first error" }),
  );
});

test("the specification is the one that was looked at", () => {
  expect(convergenceChart(methods, { title: "Errors" })).toMatchSnapshot();
});

test("no method is none to draw", () => {
  expect(() => convergenceChart([], { title: "Errors" })).toThrow(
    "convergenceChart draws 1 to 6 methods, got 0",
  );
});
