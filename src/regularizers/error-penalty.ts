import type { Schedule } from "../nn/schedules.js";
import type { StepRecord } from "../solvers/ode/step-records.js";
import { type Reduction, reduceTerms, type StepTerm } from "./reductions.js";
import type { StepRegularizer } from "./regularizer.js";

/** What is penalised of a step of size h and error estimate E. */
export type ErrorForm = "E h" | "E" | "E^2";

const forms: Readonly<Record<ErrorForm, (step: StepRecord) => StepTerm>> = {
  "E h": ({ error, h }) => ({ value: error * Math.abs(h), derivative: Math.abs(h) }),
  E: ({ error }) => ({ value: error, derivative: 1 }),
  "E^2": ({ error }) => ({ value: error ** 2, derivative: 2 * error }),
};

/** Options of the error penalty. */
export interface ErrorPenaltyOptions {
  readonly weight: Schedule;
  /** @defaultValue "E h" */
  readonly form?: ErrorForm;
  /** @defaultValue "mean" */
  readonly reduction?: Reduction;
}

/**
 * Penalises the solver's own local error estimate: the reduction over accepted steps of E_j |h_j| (Pal et al., ICML 2021,
 * "Opening the Blackbox", eq. 9, where it is a sum; their code takes the mean), of E_j alone, or of E_j^2, which they report
 * to do as well for latent ODEs. E is scaled by the tolerances, on which the weight therefore depends. The step sizes are held
 * constant.
 */
export function errorPenalty(options: ErrorPenaltyOptions): StepRegularizer {
  const { weight, form = "E h", reduction = "mean" } = options;
  return {
    name: "error",
    settings: { form, reduction },
    weight,
    steps: (accepted) => {
      const terms = accepted.map(forms[form]);
      const { value, derivatives } = reduceTerms(reduction, terms);
      return { value, dError: derivatives, dStiffness: new Float64Array(accepted.length) };
    },
  };
}
