import type { Schedule } from "../nn/schedules.js";
import { type Reduction, reduceTerms } from "./reductions.js";
import type { Regularizer } from "./regularizer.js";

/** Options of the stiffness penalty. */
export interface StiffnessPenaltyOptions {
  readonly weight: Schedule;
  /** @defaultValue "max" */
  readonly reduction?: Reduction;
}

/**
 * Penalises the solver's stiffness estimate: the reduction over accepted steps of S_j (Pal et al., ICML 2021, eq. 10;
 * their code takes the maximum for neural ODEs). Steps of a method without an estimate count as zero.
 */
export function stiffnessPenalty({ weight, reduction = "max" }: StiffnessPenaltyOptions): Regularizer {
  return {
    name: "stiffness",
    weight,
    steps: (accepted) => {
      const known = accepted.map(({ stiffness }) => !Number.isNaN(stiffness));
      const terms = Float64Array.from(accepted, ({ stiffness }, i) => (known[i] ? stiffness : 0));
      const { value, derivatives } = reduceTerms(reduction, terms);
      return {
        value,
        dError: new Float64Array(accepted.length),
        dStiffness: derivatives.map((derivative, i) => (known[i] ? derivative : 0)),
      };
    },
  };
}
