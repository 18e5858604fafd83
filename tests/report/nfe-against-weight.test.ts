import { expect, test } from "vitest";
import { nfeAgainstWeight } from "../../src/report/nfe-against-weight.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";
import { resultRow, sweepRows } from "./result-rows.js";

test("the specification is the one that was looked at", () => {
  expect(nfeAgainstWeight(sweepRows)).toMatchSnapshot();
});

test.each([["nfe"], ["nfeProbe"]] as const)("the chart of %s is sound", async (metric) => {
  await expectSoundChart(nfeAgainstWeight(sweepRows, { metric }));
});

test("a single run and a sweep without baseline can be drawn too", async () => {
  await expectSoundChart(nfeAgainstWeight([resultRow()]));
  await expectSoundChart(nfeAgainstWeight(sweepRows.filter((row) => row.method === "ernode")));
});

test("each solved run has its point, with its own number in the tooltip", async () => {
  const points = tooltipsOf(await runChart(nfeAgainstWeight(sweepRows))).filter(
    (tooltip) => "seed" in tooltip,
  );
  const shown = points.map(({ method, weight, seed, NFE }) => [method, weight, seed, NFE].join());
  const solved = sweepRows.filter((row) => row.nfeProbe > 0);
  expect(shown.sort()).toEqual(
    solved.map((row) => [row.method, row.weight, row.seed, row.nfeProbe].join()).sort(),
  );
});

test("no penalty is labelled none and stands left of every weight", async () => {
  const view = await runChart(nfeAgainstWeight(sweepRows));
  const svg = await view.toSVG();
  const place = (label: string) =>
    Number(new RegExp(`translate\\(([\\d.]+),[\\d.]+\\)"[^>]*>${label}</text>`).exec(svg)?.[1]);
  const places = ["none", "0\\.1", "1", "10"].map(place);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("the menu keeps only what loses no more quality than it says", async () => {
  const view = await runChart(nfeAgainstWeight(sweepRows));
  const shown = () => new Set(tooltipsOf(view).map(({ method, weight }) => `${method} ${weight}`));
  expect(shown()).toEqual(new Set(["vanilla 0", "ernode 0.1", "ernode 1", "ernode 10"]));
  await view.signal("allowed", 0.5).runAsync();
  // mean accuracies of the arms in percent: 91.8 for vanilla, then 92.1, 91.5 and 90.9
  expect(shown()).toEqual(new Set(["vanilla 0", "ernode 0.1", "ernode 1"]));
});

test("the words give the means", () => {
  expect(nfeAgainstWeight(sweepRows).description).toContain("vanilla 63; ernode at weight 0.1 42;");
});

test("rows of two configurations are never drawn as one", () => {
  expect(() => nfeAgainstWeight([...sweepRows, resultRow({ preset: "full" })])).toThrow(
    /nfeAgainstWeight.*different configurations.*quick.*full/,
  );
  expect(() => nfeAgainstWeight([resultRow({ nfe: 0, nfeProbe: 0 })])).toThrow(/no rows to draw/);
});
