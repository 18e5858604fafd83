import type { Value } from "../../compiler/targets/target.js";
import type { Step, StepStart } from "./step.js";

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
  readonly start: StepStart;
  /** Whether the slope was evaluated at this state, and is not the last one of the step before. */
  readonly slopeIsNew: boolean;
  /** All values that it made. */
  readonly made: readonly Value[];
  /** There where what the step's pullback would compute again is among them. */
  readonly residuals?: Residuals;
  /** The saved states that lie in the step, by their number. */
  readonly saved: readonly SavedPoint[];
}

/** Where, among all values that a step made, those are that its pullback needs: the same for all steps of one program. */
export interface Residuals {
  /** Whether the step computed dense output, on which it depends what else it computed. */
  readonly dense: boolean;
  /** Their places, in the order in which the pullback takes them. */
  readonly places: readonly number[];
  /** From this place on, values are there for the pullback alone. */
  readonly from: number;
}

/** A saved state by its place. */
export interface SavedPoint {
  /** Its number among all that are asked for. */
  readonly index: number;
  /** Fraction of the step at which it lies, above 0; at 1 it is the step's end. */
  readonly theta: number;
}
