import type { Schedule } from "../nn/schedules.js";
import { type Reduction, reduceTerms } from "./reductions.js";
import type { Regularizer } from "./regularizer.js";

/** Options of the error penalty. */
export interface ErrorPenaltyOptions {
  readonly weight: Schedule;
  /** @defaultValue "mean" */
  readonly reduction?: Reduction;
}

/**
 * Penalises the solver's own local error estimate: the reduction over accepted steps of E_j |h_j| (Pal et al., ICML 2021,
 * "Opening the Blackbox", eq. 9; their code takes the mean). The step sizes are held constant.
 */
export function errorPenalty({ weight, reduction = "mean" }: ErrorPenaltyOptions): Regularizer {
  return {
    name: "error",
    weight,
    steps: (accepted) => {
      const sizes = accepted.map(({ h }) => Math.abs(h));
      const terms = Float64Array.from(accepted, ({ error }, i) => error * sizes[i]);
      const { value, derivatives } = reduceTerms(reduction, terms);
      return {
        value,
        dError: derivatives.map((derivative, i) => derivative * sizes[i]),
        dStiffness: new Float64Array(accepted.length),
      };
    },
  };
}
