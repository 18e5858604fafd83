import type { Config, TopLevelSpec } from "vega-lite";

/** Looks that all charts share: quiet axes and grid, text that is readable at the size of a notebook. */
export const chartTheme: Config = {
  background: "white",
  font: "sans-serif",
  title: {
    anchor: "start",
    fontSize: 14,
    subtitleFontSize: 11,
    subtitleColor: "#555555",
    offset: 10,
    frame: "group",
  },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    gridColor: "#e6e6e6",
    domainColor: "#888888",
    tickColor: "#888888",
    labelFlush: false,
  },
  legend: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal", symbolSize: 80 },
  view: { stroke: null },
};

/** One layer of a layered chart. */
export type ChartLayer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];
