import { expect, test } from "vitest";
import { qualityAgainstNfe } from "../../src/report/quality-against-nfe.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";
import { resultRow, sweepRows } from "./result-rows.js";

test("the specification is the one that was looked at", () => {
  expect(qualityAgainstNfe(sweepRows)).toMatchSnapshot();
});

test("the chart is sound, with one run as with many", async () => {
  await expectSoundChart(qualityAgainstNfe(sweepRows));
  await expectSoundChart(qualityAgainstNfe([resultRow({ nfe: 0, nfeProbe: 0 })]));
});

test("a method chosen in the legend is shown alone, and every point stays where it was", async () => {
  const view = await runChart(qualityAgainstNfe(sweepRows));
  const before = tooltipsOf(view);
  expect(before.length).toBe(sweepRows.length);
  const xDomain = view.scale("x").domain();

  await view.signal("chosen_method_legend", "vanilla").runAsync();

  const chosen = tooltipsOf(view);
  expect(chosen.map(({ method }) => method)).toEqual(["vanilla", "vanilla"]);
  expect(view.scale("x").domain()).toEqual(xDomain);
  expect(before).toEqual(expect.arrayContaining(chosen));
});

test("rows of two configurations are never drawn as one", () => {
  expect(() => qualityAgainstNfe([resultRow(), resultRow({ rtol: 1e-6 })])).toThrow(
    /qualityAgainstNfe.*different configurations.*1e-8.*1e-6/,
  );
});
