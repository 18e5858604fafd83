import { chooseTarget, type TargetChoice } from "../compiler/targets/choose-target.js";
import type { Precision, Target } from "../compiler/targets/target.js";
import type { SdeSolverOptions } from "./sde-block.js";

/** How a model's SDE is solved. */
export interface SdeSettings extends Omit<SdeSolverOptions, "grid"> {
  /** @defaultValue "float64" */
  readonly precision?: Precision;
  /** @defaultValue "auto" */
  readonly target?: TargetChoice;
}

/** The settings of a model's solver, with the defaults in place. */
export interface CompleteSdeSettings {
  readonly target: Target;
  readonly precision: Precision;
  readonly solver: Omit<SdeSolverOptions, "grid">;
}

/** @throws TargetError when the target does not compute in the precision. */
export function completeSdeSettings(settings: SdeSettings): CompleteSdeSettings {
  const { precision = "float64", target = "auto", method, rtol, atol, controller, maxSteps } = settings;
  return {
    target: chooseTarget(target, precision),
    precision,
    solver: { method, rtol, atol, controller, maxSteps },
  };
}
