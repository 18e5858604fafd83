import { expect, test } from "vitest";
import { type Curve, type CurveChartOptions, curveChart } from "../../src/report/curve-chart.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

/** Vega's types omit its scales. */
interface Scales {
  scale(name: "x" | "y"): { domain(): number[] };
}

const words = {
  title: "Sine",
  description: "The sine on an interval, and a few of its points.",
  xTitle: "angle",
  yTitle: "sine",
};
const xs = Array.from({ length: 21 }, (_, i) => i / 5);
const curves: readonly Curve[] = [
  { name: "exact", x: xs, y: xs.map(Math.sin) },
  { name: "computed", x: xs.slice(0, 5), y: Float32Array.from(xs.slice(0, 5), Math.sin), mark: "points" },
];

test("the specification is the one that was looked at", () => {
  expect(curveChart(curves, words)).toMatchSnapshot();
});

test("the chart is sound, with lines, points, or both", async () => {
  await expectSoundChart(curveChart(curves, words));
  for (const curve of curves) await expectSoundChart(curveChart([curve], words));
});

test("each point of a curve has its own numbers in the tooltip", async () => {
  const tooltips = tooltipsOf(await runChart(curveChart(curves.slice(1), words)));
  expect(tooltips.map(({ curve, angle }) => [curve, Number(angle)])).toEqual(
    xs.slice(0, 5).map((x) => ["computed", x]),
  );
});

test("a logarithmic axis leaves out what it has no place for, on its own channel alone", async () => {
  const odd: Curve = { name: "odd", x: [-1, 0, 1, 10], y: [1, 10, 0, 1], mark: "points" };
  const shown = async (scales: Pick<CurveChartOptions, "xScale" | "yScale">) => {
    const spec = curveChart([odd], { ...words, ...scales });
    await expectSoundChart(spec);
    return tooltipsOf(await runChart(spec)).map(({ angle, sine }) => [Number(angle), Number(sine)]);
  };
  expect(await shown({ xScale: "log" })).toEqual([
    [1, 0],
    [10, 1],
  ]);
  expect(await shown({ xScale: "log", yScale: "log" })).toEqual([[10, 1]]);
});

test("the axis of y shows zero unless told otherwise, that of x only where the data are", async () => {
  const far: Curve = { name: "far", x: [100, 101], y: [1000, 1001] };
  const lowest = async (yZero?: boolean) => {
    const view = await runChart(curveChart([far], { ...words, yZero }));
    const domain = (axis: "x" | "y") => (view as unknown as Scales).scale(axis).domain()[0];
    return [domain("x"), domain("y")];
  };
  expect(await lowest()).toEqual([100, 0]);
  expect(await lowest(false)).toEqual([100, 1000]);
});

test("curves that could not be told apart, or have no pairs, are refused", () => {
  expect(() => curveChart([], words)).toThrow("draws 1 to 6 curves, got 0");
  expect(() => curveChart(Array(7).fill(curves[0]), words)).toThrow("got 7");
  expect(() => curveChart([{ name: "odd", x: [1, 2], y: [1] }], words)).toThrow('"odd" has 2 x and 1 y');
});
