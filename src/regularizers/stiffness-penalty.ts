import type { Schedule } from "../nn/schedules.js";
import type { StepRecord } from "../solvers/ode/step-records.js";
import { type Reduction, reduceTerms, type StepTerm } from "./reductions.js";
import type { StepRegularizer } from "./regularizer.js";

/** What is penalised of a step of size h and stiffness estimate S. */
export type StiffnessForm = "S" | "S h";

/** Options of the stiffness penalty. */
export interface StiffnessPenaltyOptions {
  readonly weight: Schedule;
  /** @defaultValue "S" */
  readonly form?: StiffnessForm;
  /** @defaultValue "max" */
  readonly reduction?: Reduction;
}

/**
 * Penalises the solver's stiffness estimate: the reduction over accepted steps of S_j / s or of S_j |h_j| / s, where s is
 * the length of the method's stability region on the negative real axis, 3.5068 for tsit5 and 10.453 for sosri2, for which
 * StochasticDiffEq has 10.6 (Pal et al., ICML 2021, eq. 10; their code takes the maximum of S_j / s for neural ODEs, the mean
 * for neural SDEs). Steps of a method without an estimate count as zero, as does the
 * entry before the first step, which is 1 / s in their code. The step sizes are held constant.
 *
 * @throws RangeError in a solve by a method that estimates stiffness and does not say its stability size.
 */
export function stiffnessPenalty(options: StiffnessPenaltyOptions): StepRegularizer {
  const { weight, form = "S", reduction = "max" } = options;
  return {
    name: "stiffness",
    settings: { form, reduction },
    weight,
    steps: (accepted, { name, stabilitySize }) => {
      const termOf = ({ stiffness, h }: StepRecord): StepTerm => {
        if (Number.isNaN(stiffness)) return { value: 0, derivative: 0 };
        if (!stabilitySize) {
          throw new RangeError(
            `stiffnessPenalty: the method ${name} needs a stabilitySize, by which S is divided`,
          );
        }
        const factor = (form === "S h" ? Math.abs(h) : 1) / stabilitySize;
        return { value: factor * stiffness, derivative: factor };
      };
      const { value, derivatives } = reduceTerms(reduction, accepted.map(termOf));
      return { value, dError: new Float64Array(accepted.length), dStiffness: derivatives };
    },
  };
}
