import { errorPenalty } from "../../regularizers/error-penalty.js";
import { localErrorPenalty } from "../../regularizers/local-error-penalty.js";
import { stiffnessPenalty } from "../../regularizers/stiffness-penalty.js";
import type { RegularizationMethod } from "../regularization-methods.js";

/** The sum over the steps, as in the code of Pal et al. (ICML 2021) for this experiment alone. */
const summed = { reduction: "sum" } as const;

/** The mean over the steps, as in their code for stochastic equations on MNIST; for this experiment it is not public. */
const averaged = { reduction: "mean" } as const;

/** The name of a method. */
export type SpiralSdeMethod = "vanilla" | "srnsde" | "ernsde" | "local-biased" | "local-unbiased";

/** The methods of the experiment by name, in the order of presentation. */
export const spiralSdeMethods: Readonly<Record<SpiralSdeMethod, RegularizationMethod>> = {
  vanilla: { isWeighted: false, regularizers: () => [] },
  srnsde: {
    isWeighted: true,
    settings: averaged,
    regularizers: (weight) => [stiffnessPenalty({ weight, ...averaged })],
  },
  ernsde: {
    isWeighted: true,
    settings: summed,
    regularizers: (weight) => [errorPenalty({ weight, ...summed })],
  },
  "local-biased": {
    isWeighted: true,
    settings: { time: "biased" },
    regularizers: (weight) => [localErrorPenalty({ weight, time: "biased" })],
  },
  "local-unbiased": {
    isWeighted: true,
    settings: { time: "unbiased" },
    regularizers: (weight) => [localErrorPenalty({ weight, time: "unbiased" })],
  },
};
