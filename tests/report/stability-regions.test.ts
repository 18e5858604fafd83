import { expect, test } from "vitest";
import { type StabilityRegion, stabilityRegions } from "../../src/report/stability-regions.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

const disc: StabilityRegion = {
  method: "euler",
  modulus: ({ re, im }) => Math.hypot(1 + re, im),
  products: [
    { re: -1.5, im: 0.5 },
    { re: -0.2, im: 0 },
    { re: -40, im: 0 },
  ],
};
const ring: StabilityRegion = {
  method: "ring",
  modulus: ({ re, im }) => (Math.abs(Math.hypot(re, im) - 1.5) < 0.5 ? 0 : 2),
};
const plane = { title: "Stability", re: [-4, 1], im: 2.5 } as const;

test("the chart is sound", () => expectSoundChart(stabilityRegions([disc, ring], plane)));

test("bars cover the region: their area is that of a disc, of a ring", () => {
  const area = (region: StabilityRegion) => {
    const spec = stabilityRegions([region], plane) as unknown as {
      layer: { data: { values: { from: number; to: number; below: number; above: number }[] } }[];
    };
    return spec.layer[0].data.values.reduce(
      (sum, { from, to, below, above }) => sum + (to - from) * (above - below),
      0,
    );
  };
  expect(area(disc)).toBeAllclose(Math.PI, { relative: 0.01 });
  // of the ring from 1 to 2, what lies beyond the real part 1 is not drawn
  const segment = 4 * Math.acos(1 / 2) - Math.sqrt(3);
  expect(area(ring)).toBeAllclose(3 * Math.PI - segment, { relative: 0.01 });
});

test("it shows the products of one method that are in the picture", async () => {
  const shown = async (initial: string) =>
    tooltipsOf(await runChart(stabilityRegions([disc, ring], { ...plane, initial }))).map((tooltip) =>
      Number(String(tooltip["Re h λ"]).replace("−", "-")),
    );
  expect(await shown("euler")).toEqual([-1.5, -0.2]);
  expect(await shown("ring")).toEqual([]);
});

test("a method that is not there cannot be shown", () => {
  expect(() => stabilityRegions([disc], { ...plane, initial: "ring" })).toThrow("no method ring among euler");
});
