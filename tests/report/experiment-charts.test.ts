import { expect, test } from "vitest";
import { spiralOde } from "../../src/experiments/spiral-ode/spiral-ode.js";
import type { SpiralOdeRow } from "../../src/experiments/spiral-ode/spiral-ode-row.js";
import { experimentCharts } from "../../src/report/experiment-charts.js";
import { stepSizeChart, trajectoryChart } from "../../src/report/spiral-charts.js";
import { completeRow } from "../experiments/complete-row.js";
import { expectSoundChart, runChart } from "./chart-laws.js";

/** Invented: a quarter turn in four steps. */
function spiralRow(method: string, seed: number, preset = "full"): SpiralOdeRow {
  const t = [0, 0.5, 1, 1.5];
  return {
    ...completeRow,
    ...spiralOde.identity({ method, seed, preset }),
    loss: 1e-3 * seed,
    nfe: 26,
    nfeProbe: 32,
    accepted: 4,
    rejected: 0,
    trajectory: { t, u: t.map((at) => [2 * Math.cos(at), 2 * Math.sin(at)] as const) },
    steps: { t, h: t.map((at) => 0.1 + at) },
  };
}

const rows = ["vanilla", "ernode"].flatMap((method) => [1, 2].map((seed) => spiralRow(method, seed)));

test("every configuration has all charts of its experiment, each sound and under a name of its own", async () => {
  const charts = experimentCharts("spiral-ode", [...rows, spiralRow("vanilla", 1, "quick")]);
  expect(new Set(charts.map(({ name }) => name)).size).toBe(charts.length);
  expect(charts.length).toBe(10);
  for (const { name, spec } of charts) {
    expect(name).toMatch(/^spiral-ode-(full|quick)-[a-z0-9.-]+$/);
    await expectSoundChart(spec);
  }
});

test.each([
  ["trajectories", trajectoryChart, 4],
  ["step sizes", stepSizeChart, 3],
])(
  "the chart of %s has a line for each method, of its first seed, and only of one configuration",
  async (_, chart, points) => {
    const view = await runChart(chart(rows));
    const data = Object.values(view.getState({ data: () => true }).data).find(
      (values) => Array.isArray(values) && values[0]?.method,
    ) as { run: string }[];
    expect(new Set(data.map(({ run }) => run))).toEqual(new Set(["vanilla", "ernode, weight 10"]));
    expect(data).toHaveLength(2 * points);
    expect(() => chart([...rows, spiralRow("vanilla", 1, "quick")])).toThrow(/different configurations/);
  },
);
