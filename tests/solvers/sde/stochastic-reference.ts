import { readFileSync } from "node:fs";
import type { ExactNumber, ReferenceGradient } from "../../reference-data.js";

/** A stochastic Runge–Kutta method, with one step of it along given noise computed with many digits. */
export interface StochasticReference {
  readonly kind: "sri" | "sra";
  readonly stages: number;
  readonly c0: readonly ExactNumber[];
  readonly c1: readonly ExactNumber[];
  readonly A0: readonly (readonly ExactNumber[])[];
  readonly A1?: readonly (readonly ExactNumber[])[];
  readonly B0: readonly (readonly ExactNumber[])[];
  readonly B1?: readonly (readonly ExactNumber[])[];
  readonly alpha: readonly ExactNumber[];
  readonly beta1: readonly ExactNumber[];
  readonly beta2: readonly ExactNumber[];
  readonly beta3?: readonly ExactNumber[];
  readonly beta4?: readonly ExactNumber[];
  readonly stiffness: { readonly pairs: readonly (readonly [number, number])[] };
  readonly drift_stability: { readonly real_axis_interval: ExactNumber };
  readonly error_estimate: { readonly delta_default: ExactNumber };
  readonly golden_step: {
    readonly y1: readonly ExactNumber[];
    readonly E1: readonly ExactNumber[];
    readonly E2: readonly ExactNumber[];
    readonly stiffness_l2?: ExactNumber;
  };
}

/** Quantities of a solve along given noise. */
export interface StochasticGradients {
  readonly y_end: readonly ExactNumber[];
  readonly L: ReferenceGradient;
  readonly R_E_scaled: ReferenceGradient;
  readonly R_S?: ReferenceGradient;
}

const methods = read<{ stochastic_rk: Record<string, StochasticReference> }>("tableaux.json").stochastic_rk;
const { sde } = read<{
  discrete_gradients: {
    sde: {
      dW: readonly (readonly ExactNumber[])[];
      dZ: readonly (readonly ExactNumber[])[];
      methods: Record<string, StochasticGradients>;
    };
  };
}>("ode-problems.json").discrete_gradients;

/** The reference data of a method. */
export function stochasticReference({ name }: { readonly name: string }): StochasticReference {
  const found = methods[name];
  if (!found) throw new Error(`there is no reference data for the method "${name}"`);
  return found;
}

/** Gradients of a discrete solve by a method, if the file has them. */
export function stochasticGradients({ name }: { readonly name: string }): StochasticGradients | undefined {
  return sde.methods[name];
}

/** The noise along which those were computed. */
export const gradientNoise = { dW: sde.dW, dZ: sde.dZ };

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../reference/${file}`, import.meta.url), "utf8")) as T;
}
