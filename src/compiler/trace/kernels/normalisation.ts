import { formulas } from "../../operations/formulas.js";
import type { KernelRules } from "./kernel-rule.js";

/** Normalisation by a known mean and variance. */
export const normalisationKernels: KernelRules = {
  FusedBatchNorm: (builder, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
    const f = formulas(builder);
    const deviation = f("sqrt", f("add", variance, varianceEpsilon ?? 0.001));
    const factor = f("div", scale ?? 1, deviation);
    return f("add", f("mul", f("sub", x, mean), factor), offset ?? 0);
  },
};
