import type { PublishedTable, PublishedValue } from "../published-table.js";

type Printed = readonly [mean: number, spread?: number];

const printed = ([mean, spread]: Printed): PublishedValue => ({ mean, spread });

/** Training and test accuracy in percent, and evaluations of the drift. */
function line(train: Printed, test: Printed, nfe: Printed) {
  return { testAccuracy: printed(test), trainAccuracy: printed(train), nfe: printed(nfe) };
}

/** On the whole data. */
const presets = ["full", "published"];

/** What the papers report of this network on MNIST. */
export const mnistSdePublished: readonly PublishedTable[] = [
  {
    source: "Pal et al. (ICML 2021), Table 4",
    setting: "float32 at 0.14, batches of 512, 40 epochs, 3 seeds, NFE of one batch along 10 paths",
    presets,
    results: {
      vanilla: line([98.97, 0.11], [96.95, 0.11], [411.33, 6.11]),
      srnsde: line([98.79, 0.12], [96.8, 0.07], [382, 4]),
      ernsde: line([98.16, 0.11], [96.27, 0.35], [184.67, 2.31]),
    },
  },
  {
    source: "Pal et al. (2023), local regularization, MNIST SDE",
    setting: "float32 at 0.14, batches of 512, 4,000 iterations, NFE over all test batches",
    presets,
    results: {
      vanilla: line([98.27, 0.11], [96.66, 0.16], [313.86, 2.94]),
      "local-unbiased": line([98.05, 0.09], [96.57, 0.13], [228.93, 1.77]),
      "local-biased": line([98.02, 0.07], [96.44, 0.16], [230.1, 0.71]),
    },
  },
];
