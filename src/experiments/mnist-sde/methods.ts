import { stiffnessPenalty } from "../../regularizers/stiffness-penalty.js";
import { sosri } from "../../solvers/sde/tableaux/sosri.js";
import { sosri2 } from "../../solvers/sde/tableaux/sosri2.js";
import type { StochasticTableau } from "../../solvers/sde/tableaux/stochastic-tableau.js";
import { type RegularizationMethod, regularizationMethods } from "../regularization-methods.js";

/** A way to regularize, and what solves: sosri estimates no stiffness, for which Pal et al. (ICML 2021) take sosri2. */
export interface StochasticMethod extends RegularizationMethod {
  readonly solver: StochasticTableau;
}

/** The mean of S / s, as in the code of Pal et al. (ICML 2021). */
const stiff = { reduction: "mean" } as const;

const stiffness: RegularizationMethod = {
  isWeighted: true,
  settings: stiff,
  regularizers: (weight) => [stiffnessPenalty({ weight, ...stiff })],
};

/** The methods of the experiment by name, in the order in which Pal et al. (ICML 2021 and 2023) list theirs. */
export const mnistSdeMethods = {
  vanilla: { solver: sosri, ...regularizationMethods.vanilla },
  srnsde: { solver: sosri2, ...stiffness },
  ernsde: { solver: sosri, ...regularizationMethods.ernode },
  "local-biased": { solver: sosri, ...regularizationMethods["local-biased"] },
  "local-unbiased": { solver: sosri, ...regularizationMethods["local-unbiased"] },
} as const satisfies Readonly<Record<string, StochasticMethod>>;

/** The name of a method. */
export type MnistSdeMethod = keyof typeof mnistSdeMethods;

/** Names of the methods, in their order. */
export const mnistSdeMethodNames = Object.keys(mnistSdeMethods) as readonly MnistSdeMethod[];
