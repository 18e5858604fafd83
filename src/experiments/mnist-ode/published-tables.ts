import type { PublishedTable, PublishedValue } from "../published-table.js";

type Printed = readonly [mean: number, spread?: number];

const printed = ([mean, spread]: Printed): PublishedValue => ({ mean, spread });

/** Training and test accuracy in percent, and function evaluations. */
function line(train: Printed, test: Printed, nfe: Printed) {
  return { testAccuracy: printed(test), trainAccuracy: printed(train), nfe: printed(nfe) };
}

/** On the whole data. */
const presets = ["full", "published"];

/** What the papers report of this network on MNIST. */
export const mnistOdePublished: readonly PublishedTable[] = [
  {
    source: "Pal et al. (ICML 2021), Table 1",
    setting:
      "float32 at 1.4e-8, PI controller, batches of 512, 75 epochs, 3 seeds; TayNODE with another network, solver and batch",
    presets,
    results: {
      vanilla: line([100, 0], [97.94, 0.02], [253, 3.46]),
      steer: line([100, 0], [97.94, 0.03], [265, 3.46]),
      taynode: line([98.98, 0.06], [97.89, 0], [80.3, 0.43]),
      srnode: line([100, 0], [98.08, 0.15], [259, 3.46]),
      ernode: line([99.71, 0.28], [97.32, 0.06], [177, 0]),
      "steer+srnode": line([100, 0], [97.88, 0.06], [275, 12.5]),
      "steer+ernode": line([99.91, 0.02], [97.61, 0.11], [197, 9.17]),
      "srnode+ernode": line([99.98, 0.03], [97.77, 0.05], [221, 17.3]),
    },
  },
  {
    source: "Pal et al. (2023), local regularization, MNIST ODE",
    setting:
      "float32 at 1.4e-8, linear output layer of the field, Adam, 7,500 iterations, NFE over all test batches",
    presets,
    results: {
      vanilla: line([99.898, 0.066], [97.612, 0.163], [303.559, 3.194]),
      "local-unbiased": line([99.447, 0.039], [97.526, 0.131], [187.961, 1.812]),
      "local-biased": line([99.477, 0.051], [97.488, 0.016], [182.849, 1.578]),
    },
  },
];
