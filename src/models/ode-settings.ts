import { chooseTarget, type TargetChoice } from "../compiler/targets/choose-target.js";
import type { Precision, Target } from "../compiler/targets/target.js";
import type { SolverMethod } from "../solvers/ode/auto-switch.js";
import { type Controller, integralController } from "../solvers/ode/controllers.js";
import { tsit5 } from "../solvers/tableaux/tsit5.js";
import type { OdeBlockOptions } from "./ode-block.js";

/** How a model's ODE is solved. */
export interface OdeSettings {
  /** @defaultValue tsit5 */
  readonly method?: SolverMethod;
  /** @defaultValue 1e-8 */
  readonly rtol?: number;
  /** @defaultValue 1e-8 */
  readonly atol?: number;
  /** @defaultValue integralController */
  readonly controller?: Controller;
  /** @defaultValue 10000 */
  readonly maxSteps?: number;
  /** Ends of prescribed steps, which are taken whatever their error. @defaultValue chosen by the controller */
  readonly grid?: readonly number[];
  /** @defaultValue "float64" */
  readonly precision?: Precision;
  /** @defaultValue "auto" */
  readonly target?: TargetChoice;
}

/** The settings of a model's solver, with the defaults in place. */
export interface CompleteOdeSettings {
  readonly target: Target;
  readonly precision: Precision;
  readonly solver: Pick<OdeBlockOptions, "method" | "rtol" | "atol" | "controller" | "maxSteps" | "grid">;
}

/** @throws TargetError when the target does not compute in the precision. */
export function completeOdeSettings(settings: OdeSettings): CompleteOdeSettings {
  const { precision = "float64", method = tsit5, rtol = 1e-8, atol = 1e-8 } = settings;
  const { controller = integralController, maxSteps = 10_000, grid } = settings;
  return {
    target: chooseTarget(settings.target ?? "auto", precision),
    precision,
    solver: { method, rtol, atol, controller, maxSteps, grid },
  };
}
