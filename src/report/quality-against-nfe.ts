import type { TopLevelSpec } from "vega-lite";
import { isChosen, methodSelection } from "./chart-filters.js";
import { chartTheme } from "./chart-theme.js";
import { singleComparison } from "./comparison.js";
import { measured, measuresOf, tooltipOf } from "./measures.js";
import { methodScale } from "./method-colours.js";
import type { NfeAgainstWeightOptions, WeightedCostRow } from "./nfe-against-weight.js";

/**
 * Chart of how good models are, by the first measure of their experiment, against function evaluations: a point for each
 * method, weight and seed. A click on a method in the legend shows that method alone, a click beside it all again.
 *
 * @throws {Error} If there are no rows, or rows differ in more than method, weight and seed.
 */
export function qualityAgainstNfe(
  rows: readonly WeightedCostRow[],
  options: NfeAgainstWeightOptions = {},
): TopLevelSpec {
  const { metric = "nfeProbe" } = options;
  const { title, arms } = singleComparison(rows, "qualityAgainstNfe");
  const [quality] = measuresOf(rows[0].experiment);
  const points = arms.flatMap(({ method, weight, rows: seeds }) =>
    seeds.map((row) => ({
      method,
      weight,
      seed: row.seed,
      nfe: row[metric],
      quality: measured(quality, row),
    })),
  );
  const methods = arms.map(({ method }) => method);
  const counted = metric === "nfeProbe" ? "probe" : "training solver";
  return {
    description:
      `${capitalized(quality.title)} against function evaluations (${counted}; ${title}): ` +
      `${points.length} runs of ${[...new Set(methods)].join(", ")}.`,
    title: {
      text: `${capitalized(quality.title)} against function evaluations`,
      subtitle: [title, "one point a run · click a method in the legend to see it alone"],
    },
    width: 460,
    height: 280,
    config: chartTheme,
    data: { values: points },
    params: [methodSelection],
    transform: [isChosen],
    mark: { type: "point", filled: true, size: 70, opacity: 0.8 },
    encoding: {
      // Domains are fixed, so that points stay where they are while the legend filters.
      x: {
        field: "nfe",
        type: "quantitative",
        title: `function evaluations (${counted})`,
        scale: { domain: [0, 1.05 * Math.max(1, ...points.map(({ nfe }) => nfe))], nice: true },
      },
      y: {
        field: "quality",
        type: "quantitative",
        title: quality.title,
        scale: scaleOf(
          quality.decimals === undefined,
          points.map((point) => point.quality),
        ),
      },
      color: { field: "method", type: "nominal", scale: methodScale(methods) },
      shape: { field: "method", type: "nominal", scale: { domain: methodScale(methods).domain } },
      tooltip: [
        { field: "method" },
        { field: "weight" },
        { field: "seed" },
        { field: "nfe", title: "NFE" },
        tooltipOf(quality, "quality"),
      ],
    },
  };
}

/** What is shown by its exponent has a logarithmic axis. */
function scaleOf(isLogarithmic: boolean, values: readonly number[]) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (isLogarithmic) return { type: "log" as const, domain: [low / 1.5, high * 1.5] };
  const padding = Math.max(0.5, 0.1 * (high - low));
  return { domain: [low - padding, high + padding], nice: true };
}

function capitalized(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
