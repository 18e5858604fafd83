import type { Value } from "../../compiler/targets/target.js";
import type { Step } from "./step.js";

/** What the solver knows of one attempted step: plain numbers, ready for a table. */
export interface StepRecord {
  /** Time at the start of the step. */
  readonly t: number;
  /** Size of the step; negative when solving backwards. */
  readonly h: number;
  /** E: root mean square over all elements of the error estimate over atol + rtol max(|y|, |y1|); accepted if <= 1. */
  readonly error: number;
  /** About how much of E is rounding: below a few times this, E is noise. */
  readonly errorFloor: number;
  /** S: estimate of the spectral radius of the Jacobian; NaN for a method without a stiffness pair. */
  readonly stiffness: number;
  readonly accepted: boolean;
  /** Name of the method that took it. */
  readonly method: string;
}

/** What the backward pass needs of an accepted step. */
export interface TapeEntry {
  /** The method that took it. */
  readonly step: Step;
  readonly t: number;
  readonly h: number;
  /** State at the start of the step. */
  readonly state: readonly Value[];
  /** First stage, where it is carried over from the step before; else empty. */
  readonly slope: readonly Value[];
  /** Whether the slope was evaluated at this state, and is not the last one of the step before. */
  readonly slopeIsNew: boolean;
  /** What the step's pullback would compute again, where there was room to keep it. */
  readonly residuals?: StepResiduals;
  /** The saved states that lie in the step, by their number. */
  readonly saved: readonly SavedPoint[];
}

/** What a step computed on its way that its pullback needs. */
export interface StepResiduals {
  /** Whether the step computed dense output, on which it depends what else it computed. */
  readonly dense: boolean;
  /** What the pullback takes, in order. */
  readonly values: readonly Value[];
  /** Those of them that are not at hand as the start of the next step. */
  readonly added: readonly Value[];
}

/** A saved state by its place. */
export interface SavedPoint {
  /** Its number among all that are asked for. */
  readonly index: number;
  /** Fraction of the step at which it lies, above 0; at 1 it is the step's end. */
  readonly theta: number;
}
