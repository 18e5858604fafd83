import { expect, test } from "vitest";
import { curvesBySetting } from "../../src/report/curves-by-setting.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

const settings = [1, 2, 3].map((setting) => ({
  setting,
  curves: ["rough", "smooth"].map((name) => ({
    name,
    x: [0, 1, 2],
    y: [0, setting, name === "rough" ? 1 : 2],
  })),
}));
const words = { title: "Two curves", control: "level", xTitle: "time", yTitle: "y" };

test("the specification is the one that was looked at", () => {
  expect(curvesBySetting(settings, words)).toMatchSnapshot();
});

test("the chart is sound, and shows one setting at a time", async () => {
  const spec = curvesBySetting(settings, { ...words, initial: 2 });
  await expectSoundChart(spec);
  const view = await runChart(spec);
  const shown = () => new Set(tooltipsOf(view).map((tooltip) => JSON.stringify(tooltip))).size;
  expect(shown()).toBe(6);
  await view.signal("setting", 3).runAsync();
  expect(shown()).toBe(6);
});

test("a single setting is sound as well, and none is refused", async () => {
  await expectSoundChart(curvesBySetting(settings.slice(0, 1), words));
  expect(() => curvesBySetting([], words)).toThrow("curvesBySetting draws 1 to 5 curves, got 0");
});
