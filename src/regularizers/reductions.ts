/** How the terms of a solve's steps become one number. */
export type Reduction = "sum" | "mean" | "max";

/** What is penalised of one step, and its derivative by the step's estimate. */
export interface StepTerm {
  readonly value: number;
  readonly derivative: number;
}

/** A reduced value and its derivative by the estimate of each step. */
export interface Reduced {
  readonly value: number;
  readonly derivatives: Float64Array;
}

/**
 * Reduces the terms of n accepted steps. The mean divides by n + 1 and not by n: Pal et al. (ICML 2021, code) record one
 * more entry, zero, before the first step. The maximum's derivative is that of its largest term alone.
 */
export function reduceTerms(reduction: Reduction, terms: readonly StepTerm[]): Reduced {
  const weights = weightsOf(reduction, terms);
  return {
    value: terms.reduce((sum, { value }, i) => sum + weights[i] * value, 0),
    derivatives: weights.map((weight, i) => weight * terms[i].derivative),
  };
}

/** The derivative of the reduced value by each term, of which it is a combination. */
function weightsOf(reduction: Reduction, terms: readonly StepTerm[]): Float64Array {
  const weights = new Float64Array(terms.length);
  if (reduction !== "max") return weights.fill(reduction === "mean" ? 1 / (terms.length + 1) : 1);
  const largest = terms.reduce((best, { value }, i) => (value > terms[best].value ? i : best), 0);
  if (terms.length > 0) weights[largest] = 1;
  return weights;
}
