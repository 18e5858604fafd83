import { activationKernels } from "./kernels/activations.js";
import { arrangingKernels, creatingKernels } from "./kernels/arranging.js";
import { convolutionKernels } from "./kernels/convolution.js";
import { arithmeticKernels, logicKernels } from "./kernels/elementwise.js";
import { indexingKernels } from "./kernels/indexing.js";
import type { KernelRules } from "./kernels/kernel-rule.js";
import { normalisationKernels } from "./kernels/normalisation.js";
import { poolingKernels } from "./kernels/pooling.js";
import { productKernels } from "./kernels/products.js";
import { reducingKernels } from "./kernels/reducing.js";
import { trigonometricKernels } from "./kernels/trigonometric.js";

export type { KernelRule } from "./kernels/kernel-rule.js";

/** Every tfjs kernel that can be recorded. */
export const kernelRules: KernelRules = {
  ...arithmeticKernels,
  ...logicKernels,
  ...trigonometricKernels,
  ...activationKernels,
  ...creatingKernels,
  ...arrangingKernels,
  ...indexingKernels,
  ...reducingKernels,
  ...productKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...normalisationKernels,
};
