import { expect, test } from "vitest";
import { spiralSde } from "../../src/experiments/spiral-sde/spiral-sde.js";
import type { SpiralSdeRow } from "../../src/experiments/spiral-sde/spiral-sde-row.js";
import { experimentCharts } from "../../src/report/experiment-charts.js";
import { momentBandChart } from "../../src/report/moment-bands.js";
import { completeRow } from "../experiments/complete-row.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

/** Invented: four times of a turn that becomes uncertain. */
function stochasticRow(method: string, seed: number, preset = "full"): SpiralSdeRow {
  const times = [0, 0.3, 0.6, 1];
  const means = times.map((t) => [2 * Math.cos(4 * t), 2 * Math.sin(4 * t)] as const);
  const variances = times.map((t) => [0.5 * t, 0.2 * t] as const);
  return {
    ...completeRow,
    ...spiralSde.identity({ method, seed, preset }),
    solver: "sosri2",
    loss: 0.01 * seed,
    lossOfMany: 0.02,
    nfe: 522,
    nfeProbe: 1310,
    accepted: 130,
    rejected: 0,
    times,
    data: { means, variances },
    moments: { means: means.map(([x, y]) => [x + 0.1, y] as const), variances },
    paths: [means, means],
    timing: { ...completeRow.timing, predictSeconds: 0.05 },
  };
}

const rows = ["vanilla", "ernsde"].flatMap((method) => [1, 2].map((seed) => stochasticRow(method, seed)));

test("every configuration has all charts of its experiment, each sound", async () => {
  const charts = experimentCharts("spiral-sde", [...rows, stochasticRow("vanilla", 1, "quick")]);
  expect(charts.length).toBe(8);
  for (const { spec } of charts) await expectSoundChart(spec);
});

test("one model is shown at a time, of the first seed", async () => {
  const view = await runChart(momentBandChart(rows));
  const shown = () => new Set(tooltipsOf(view).map(({ run }) => run));
  expect(shown()).toEqual(new Set(["vanilla"]));
  await view.signal("model", "ernsde, weight 0.2").runAsync();
  expect(shown()).toEqual(new Set(["ernsde, weight 0.2"]));
});

test("a band is a standard deviation to both sides of the mean", async () => {
  const tooltips = tooltipsOf(await runChart(momentBandChart(rows.slice(0, 1))));
  const last = tooltips
    .filter(({ t }) => t === "1.000")
    .map(({ low, mean, high }) => [low, mean, high].map((text) => String(text).replace("−", "-")));
  const of = (mean: number, variance: number) =>
    [-1, 0, 1].map((side) => (mean + side * Math.sqrt(variance)).toFixed(3));
  expect(last).toContainEqual(of(2 * Math.cos(4) + 0.1, 0.5));
});

test("rows of two configurations do not share a chart", () => {
  const mixed = [...rows, stochasticRow("vanilla", 1, "quick")];
  expect(() => momentBandChart(mixed)).toThrow(/different configurations/);
});
