import type { Schedule } from "../nn/schedules.js";
import { meanSquareOfRows } from "./mean-square-of-rows.js";
import type { IntegrandRegularizer } from "./regularizer.js";

/** Options of the kinetic penalty. */
export interface KineticPenaltyOptions {
  readonly weight: Schedule;
  /** Whether the integral's own error has a say in the step sizes. @defaultValue false */
  readonly steers?: boolean;
}

/**
 * Penalises the kinetic energy: the integral of ||f(t, y)||^2, mean over the state's elements and the batch (Finlay et al.,
 * ICML 2020, "How to Train Your Neural ODE"; their code takes the mean too, and half of it).
 */
export function kineticPenalty({ weight, steers = false }: KineticPenaltyOptions): IntegrandRegularizer {
  return {
    name: "kinetic",
    settings: { steers },
    weight,
    steers,
    integrand: ({ t, y, field }) => meanSquareOfRows(field(t, y)),
  };
}
