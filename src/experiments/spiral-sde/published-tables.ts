import type { PublishedTable, PublishedValue } from "../published-table.js";

const line = (loss: PublishedValue, nfe: PublishedValue) => ({ loss, nfe });

/** What the paper reports of the stochastic spiral. */
export const spiralSdePublished: readonly PublishedTable[] = [
  {
    source: "Pal et al. (ICML 2021), Table 3",
    setting: "float32 at 0.3, 250 iterations, 3 seeds; loss and NFE of 100 paths",
    presets: ["full", "published"],
    results: {
      vanilla: line({ mean: 0.0217, spread: 0.0088 }, { mean: 528.67, spread: 6.11 }),
      srnsde: line({ mean: 0.0204, spread: 0.0091 }, { mean: 502, spread: 4 }),
      ernsde: line({ mean: 0.0227, spread: 0.009 }, { mean: 502, spread: 4 }),
    },
  },
];
