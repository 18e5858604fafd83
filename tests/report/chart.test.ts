import type { TopLevelSpec } from "vega-lite";
import { expect, test } from "vitest";
import { chartBundle } from "../../src/report/chart.js";
import { pngSize } from "./chart-laws.js";

function plain(width: number, height: number, title?: string, padding = 0): TopLevelSpec {
  return {
    width,
    height,
    padding,
    autosize: "none",
    data: { values: [{ x: 1 }, { x: 2 }] },
    mark: "point",
    encoding: { x: { field: "x", type: "quantitative", axis: null } },
    ...(title && { title }),
  };
}

test("the picture has twice the chart's size, and says to be shown at its size", async () => {
  for (const [width, height] of [
    [200, 100],
    [321, 45],
  ]) {
    const bundle = await chartBundle(plain(width, height), "two points");
    expect(pngSize(bundle.data["image/png"])).toEqual({ width: 2 * width, height: 2 * height });
    expect(bundle.metadata).toEqual({ "image/png": { width } });
  }
});

test("a bundle holds the live chart, the picture and the words, and no HTML, which would hide the chart", async () => {
  const bundle = await chartBundle(plain(200, 100), "two points");
  expect(Object.keys(bundle.data)).toEqual(["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
  expect(bundle.data["text/plain"]).toBe("[chart] two points");
  expect(bundle.data["application/vnd.vegalite.v5+json"]).toMatchObject({
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    width: 200,
  });
});

test("text is drawn: without a font file it would be missing from the picture without any error", async () => {
  const picture = async (title?: string) =>
    (await chartBundle(plain(200, 100, title, 40), "a")).data["image/png"];
  expect(await picture("A title")).not.toBe(await picture());
  expect(await picture("A title")).not.toBe(await picture("B title"));
});

test("the same chart gives the same bytes, so that executed notebooks can be compared", async () => {
  expect(await chartBundle(plain(200, 100, "A title", 40), "a")).toEqual(
    await chartBundle(plain(200, 100, "A title", 40), "a"),
  );
});

test("the description serves as alternative text; a chart without any is refused", async () => {
  const described = { ...plain(200, 100), description: "two points on a line" };
  expect((await chartBundle(described)).data["text/plain"]).toBe("[chart] two points on a line");
  await expect(chartBundle(plain(200, 100))).rejects.toThrow(/no alternative text.*description/);
});
