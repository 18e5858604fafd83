import { atan2 } from "./arc-tangent.js";
import { erf } from "./error-function.js";
import { exp, expm1 } from "./exponential.js";
import { sigmoid, tanh } from "./hyperbolic.js";
import { log, log1p } from "./logarithm.js";
import { pow } from "./power.js";
import { mod } from "./remainder.js";
import { softplus } from "./softplus.js";
import { cos, sin } from "./trigonometric.js";

/**
 * The elementwise operations for which WebAssembly has no instruction, as inlined vector code. NaN stays NaN; infinities and
 * the signs of zeros are as with JavaScript's Math; eps is 2^-52 or 2^-23.
 */
export const vectorMath = {
  atan2,
  cos,
  erf,
  exp,
  expm1,
  log,
  log1p,
  mod,
  pow,
  sigmoid,
  sin,
  softplus,
  tanh,
} as const;
