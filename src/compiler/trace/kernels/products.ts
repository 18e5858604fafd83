import { matMul } from "../../operations/mat-mul.js";
import { biasedAndActivated } from "./activations.js";
import { einsum } from "./einsum.js";
import type { KernelRules } from "./kernel-rule.js";

/** Matrix products, and sums of products in general. */
export const productKernels: KernelRules = {
  BatchMatMul: (builder, { a, b }, { transposeA, transposeB }) =>
    matMul(builder, a, b, transposeA, transposeB),
  _FusedMatMul: (builder, inputs, attributes) => {
    const { transposeA, transposeB } = attributes;
    const product = matMul(builder, inputs.a, inputs.b, transposeA, transposeB);
    return biasedAndActivated(builder, product, inputs, attributes);
  },
  Einsum: (builder, inputs, { equation }) => einsum(builder, equation, Object.values(inputs)),
};
