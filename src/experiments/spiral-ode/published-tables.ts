import type { PublishedTable } from "../published-table.js";

/** What the paper reports: these two numbers, without tolerance, precision, network or data. */
export const spiralOdePublished: readonly PublishedTable[] = [
  {
    source: "Pal et al. (ICML 2021), Figure 2",
    setting: "spread over seeds, whose number is not given; network, tolerance and training are not printed",
    presets: ["full"],
    results: {
      vanilla: { nfe: { mean: 1083, spread: 57.55 } },
      "srnode+ernode": { nfe: { mean: 676.2, spread: 68.2 } },
    },
  },
];
