import type { TopLevelSpec } from "vega-lite";
import type { Complex } from "../solvers/tableaux/stability-function.js";
import { type ChartLayer, chartTheme } from "./chart-theme.js";
import { thin } from "./thin.js";

/** A method, and perhaps the products of step and eigenvalue that a solve by it had. */
export interface StabilityRegion {
  readonly method: string;
  /** |R(z)|: the factor by which one step multiplies an error that has h lambda = z. */
  readonly modulus: (z: Complex) => number;
  /** Drawn as points where they are in the picture. @defaultValue none */
  readonly products?: readonly Complex[];
}

/** The part of the plane that is drawn, and words. */
export interface StabilityRegionsOptions {
  readonly title: string;
  /** Real parts from and to. */
  readonly re: readonly [number, number];
  /** Imaginary parts from minus this to this. */
  readonly im: number;
  /** The method that is shown first, and in pictures. @defaultValue the first */
  readonly initial?: string;
}

const rows = 150;
const columns = 360;
const mostPoints = 200;

/**
 * Chart of where in the complex plane of h lambda a method is stable, |R| <= 1, with a menu of methods: the region in grey,
 * products of steps and eigenvalues as points.
 *
 * @throws RangeError when there is no method of the name `initial`.
 */
export function stabilityRegions(
  regions: readonly StabilityRegion[],
  options: StabilityRegionsOptions,
): TopLevelSpec {
  const { title, re, im, initial = regions[0]?.method } = options;
  const names = regions.map(({ method }) => method);
  if (!names.includes(initial)) {
    throw new RangeError(`stabilityRegions: there is no method ${initial} among ${names.join(", ")}`);
  }
  const axis = (title: string, domain: readonly [number, number]) => ({
    type: "quantitative" as const,
    title,
    scale: { domain: [...domain], nice: false },
  });
  const horizontal = axis("real part of h λ", re);
  const vertical = axis("imaginary part of h λ", [-im, im]);
  const ofMethod = { transform: [{ filter: "datum.method === method" }] };
  const region: ChartLayer = {
    ...ofMethod,
    data: { values: regions.flatMap((one) => stableRuns(one, options)) },
    mark: { type: "rect", color: "#d9d9d9", strokeWidth: 0 },
    encoding: {
      x: { field: "from", ...horizontal },
      x2: { field: "to" },
      y: { field: "below", ...vertical },
      y2: { field: "above" },
    },
  };
  const products: ChartLayer = {
    ...ofMethod,
    data: { values: regions.flatMap((one) => productsInside(one, options)) },
    mark: { type: "point", filled: true, size: 30, opacity: 0.7, color: "#d55e00" },
    encoding: {
      x: { field: "re", ...horizontal },
      y: { field: "im", ...vertical },
      tooltip: [
        { field: "method" },
        { field: "re", title: "Re h λ", format: ".3~g" },
        { field: "im", title: "Im h λ", format: ".3~g" },
      ],
    },
  };
  return {
    description: `Where methods are stable in the plane of step times eigenvalue, one at a time: ${names.join(", ")}.`,
    title: {
      text: { expr: `${JSON.stringify(`${title} · `)} + method` },
      subtitle: "grey: |R(h λ)| ≤ 1; points: steps of the solve",
    },
    width: 460,
    height: 320,
    config: chartTheme,
    params: [{ name: "method", value: initial, bind: { input: "select", options: names, name: "method " } }],
    layer: [region, products],
  };
}

/** The region as bars: in each row, the runs of points at which the method is stable. */
function stableRuns(
  { method, modulus }: StabilityRegion,
  { re: [left, right], im }: StabilityRegionsOptions,
) {
  const height = (2 * im) / rows;
  const width = (right - left) / columns;
  return Array.from({ length: rows }, (_, row) => {
    const below = -im + row * height;
    const isStable = (column: number) =>
      column < columns && modulus({ re: left + (column + 0.5) * width, im: below + height / 2 }) <= 1;
    const runs = [];
    for (let column = 0; column < columns; column++) {
      if (!isStable(column)) continue;
      const start = column;
      while (isStable(column)) column++;
      const [from, to] = [left + start * width, left + column * width];
      runs.push({ method, ...rounded({ from, to, below, above: below + height }) });
    }
    return runs;
  }).flat();
}

function productsInside(
  { method, products = [] }: StabilityRegion,
  { re: [left, right], im: height }: StabilityRegionsOptions,
) {
  const inside = products.filter(({ re, im }) => re >= left && re <= right && Math.abs(im) <= height);
  return thin(inside, mostPoints).map((product) => ({ method, ...rounded({ ...product }) }));
}

/** Four digits are more than a chart shows. */
function rounded<Numbers extends Record<string, number>>(numbers: Numbers): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, Number(x.toPrecision(4))]));
}
