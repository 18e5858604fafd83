import { expect, test } from "vitest";
import { type LocalErrors, localErrorChart } from "../../src/report/local-error-chart.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

/** Errors as a method of an order has them, but for a zero. */
function errors(method: string, order: number, count: number): LocalErrors {
  const h = Array.from({ length: count }, (_, i) => 2 ** -i);
  const power = (exponent: number) => h.map((size, i) => (i === 1 ? 0 : size ** exponent));
  return {
    method,
    h,
    solution: power(order + 1),
    embedded: power(order),
    estimate: h.map((x) => x ** order),
  };
}

const methods = [errors("two", 2, 4), errors("five", 5, 6)];

test("the specification is the one that was looked at", () => {
  expect(localErrorChart(methods, "two")).toMatchSnapshot();
});

test("the chart is sound", () => expectSoundChart(localErrorChart(methods, "five")));

test("it shows one method, and of it every error but zeros", async () => {
  for (const { method, h } of methods) {
    const shown = tooltipsOf(await runChart(localErrorChart(methods, method)));
    expect(new Set(shown.map((tooltip) => tooltip.method))).toEqual(new Set([method]));
    // a line has its points twice: as corners, and as places to point at
    const different = new Set(shown.map((tooltip) => JSON.stringify(tooltip)));
    expect(different.size).toBe(3 * h.length - 2);
  }
});

test("a method that is not there cannot be shown", () => {
  expect(() => localErrorChart(methods, "three")).toThrow("no method three among two, five");
});
