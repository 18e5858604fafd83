import type { PublishedTable, PublishedValue } from "../published-table.js";

type Printed = readonly [mean: number, spread?: number];

const printed = ([mean, spread]: Printed): PublishedValue => ({ mean, spread });

/** Squared errors on training and test records, in thousandths, and function evaluations. */
function line(train: Printed, test: Printed, nfe: Printed) {
  return { testLoss: printed(test), trainLoss: printed(train), nfe: printed(nfe) };
}

/** On the real records. */
const presets = ["full", "published"];

/** What the papers report of this model on the records of PhysioNet 2012. */
export const physionetPublished: readonly PublishedTable[] = [
  {
    source: "Pal et al. (ICML 2021), Table 2",
    setting:
      "float32 at 1.4e-8, PI controller, batches of 512, 300 epochs, 3 seeds; TayNODE with another network, solver, batch and count",
    presets,
    results: {
      vanilla: line([3.48, 0], [3.55, 0], [733, 84.29]),
      steer: line([3.43, 0.02], [3.48, 0.01], [699, 141.1]),
      taynode: line([4.21, 0.02], [4.21, 0.01], [167.3, 11.93]),
      srnode: line([3.52, 1.44], [3.58, 0.05], [273, 0]),
      ernode: line([3.51, 0], [3.57, 0], [287, 17.32]),
      "steer+srnode": line([3.67, 0.02], [3.73, 0.02], [271, 12.49]),
      "steer+ernode": line([3.41, 0.02], [3.48, 0.01], [269, 33.05]),
      "srnode+ernode": line([3.48, 0.11], [3.56, 0.03], [263, 12.49]),
    },
  },
  {
    source: "Pal et al. (2023), local regularization, PhysioNet",
    setting:
      "float32 at 1.4e-8, recognition forward in time, hidden width 40, evaluation at the mean of the latent start, NFE over all test batches",
    presets,
    results: {
      vanilla: { testLoss: printed([3.41, 0.1]), nfe: printed([758, 25.87]) },
      "local-unbiased": { testLoss: printed([3.64, 0.07]), nfe: printed([422, 4.58]) },
      "local-biased": { testLoss: printed([3.63, 0.08]), nfe: printed([463, 63.02]) },
    },
  },
];
