/** How the terms of a solve's steps become one number. */
export type Reduction = "sum" | "mean" | "max";

/** A reduced value and its derivative by each term. */
export interface Reduced {
  readonly value: number;
  readonly derivatives: Float64Array;
}

/**
 * Reduces the terms of n accepted steps. The mean divides by n + 1 and not by n: Pal et al. (ICML 2021, code) record one
 * more entry, zero, before the first step. The maximum's derivative is that of its largest term alone.
 */
export function reduceTerms(reduction: Reduction, terms: Float64Array): Reduced {
  const derivatives = new Float64Array(terms.length);
  if (reduction === "max") {
    const largest = terms.reduce((best, term, i) => (term > terms[best] ? i : best), 0);
    if (terms.length > 0) derivatives[largest] = 1;
    return { value: terms.length > 0 ? terms[largest] : 0, derivatives };
  }
  const factor = reduction === "mean" ? 1 / (terms.length + 1) : 1;
  derivatives.fill(factor);
  return { value: factor * terms.reduce((sum, term) => sum + term, 0), derivatives };
}
