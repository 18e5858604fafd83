import { afterAll, beforeAll, expect, test } from "vitest";
import { methodScale } from "../../src/report/method-colours.js";
import { drawingsOf, findTooltip, type Place, placesOf, watchCharts } from "./charts.js";
import { codeCellWith, codeOf, projectNotebook } from "./notebook-file.js";
import { openSession, type Session } from "./session.js";

const file = projectNotebook("07-mnist-ode.ipynb");
const drawsChart = /\bawait show\(|\bnew LiveChart\(/;
const chartCells = codeOf(file).flatMap((source, index) => (drawsChart.test(source) ? [index] : []));

const patience = { timeout: 60_000 };

let session: Session;
beforeAll(async () => {
  session = await openSession("07-mnist-ode", file, { NB_PRESET: "smoke" });
  await watchCharts(session.notebook.page);
  await session.notebook.startAll();
  await session.notebook.untilAllEnded();
});
afterAll(() => session?.close());

const chartOf = (index: number) => session.notebook.cell(index).locator(".vega-embed canvas");

test("Run All runs every cell, in order, and none prints to stderr", async () => {
  const cells = await session.notebook.cells();
  expect(cells.map(({ stderr }) => stderr).filter(Boolean)).toEqual([]);
  expect(cells.map(({ prompt }) => prompt)).toEqual(codeOf(file).map((_, index) => `[${index + 1}]:`));
});

test("every chart is a live Vega view", async () => {
  expect(chartCells.length).toBeGreaterThan(0);
  for (const index of chartCells) expect(await chartOf(index).count(), `charts of cell ${index}`).toBe(1);
});

test("the training chart grows while the training runs, in place", async () => {
  const drawings = await drawingsOf(session.notebook.cell(codeCellWith(file, "new LiveChart(")));
  const whileRunning = drawings.filter(({ running }) => running).map(({ picture }) => picture);
  expect(new Set(whileRunning).size).toBeGreaterThan(1);
});

test("a point of every chart has a tooltip", async () => {
  for (const index of chartCells) {
    const text = await findTooltip(chartOf(index));
    expect(text, `tooltip of cell ${index}`).toMatch(/[a-z].*\d/i);
  }
});

test("a click on a method in the legend leaves that method alone, a click beside it brings all back", async () => {
  const chart = chartOf(codeCellWith(file, "await show(qualityAgainstNfe("));
  const [vanilla, ernode] = methodScale(["vanilla", "ernode"]).range;
  const legend = legendEntry(await placesOf(chart, vanilla));
  const pointsIn = async (colour: string) =>
    (await placesOf(chart, colour)).filter(({ x }) => x < legend.x - 20).length;
  const atFirst = await pointsIn(ernode);
  expect(atFirst).toBeGreaterThan(0);

  await chart.click({ position: legend });
  await expect.poll(() => pointsIn(ernode), patience).toBe(0);
  expect(await pointsIn(vanilla)).toBeGreaterThan(0);

  await chart.click({ position: { x: legend.x, y: legend.y + 120 } });
  await expect.poll(() => pointsIn(ernode), patience).toBeGreaterThan(atFirst / 2);
});

test("nothing was complained of: console, page, requests", () => {
  expect(session.complaints).toEqual([]);
});

/** The symbol in the legend, which stands to the right of everything else of its colour. */
function legendEntry(places: readonly Place[]): Place {
  const right = Math.max(...places.map(({ x }) => x));
  const symbol = places.filter(({ x }) => x > right - 6);
  return { x: right - 3, y: symbol.reduce((sum, { y }) => sum + y, 0) / symbol.length };
}
