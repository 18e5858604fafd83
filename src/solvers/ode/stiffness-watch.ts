import type { Step } from "./step.js";
import type { StepRecord } from "./step-records.js";

/** When a problem counts as stiff. */
export interface StiffnessRule {
  /** A step is held back by stability where S |h| is above this fraction of the stability region's length. */
  readonly threshold: number;
  /** More such steps than this, and the problem is stiff. */
  readonly stiffSteps: number;
  /** More other steps in a row than this, and it is not, whatever was before. */
  readonly nonstiffSteps: number;
}

/** The numbers of OrdinaryDiffEq's AutoSwitch (Rackauckas, Nie, Journal of Open Research Software 5(1), 2017). */
export const stiffnessRule: StiffnessRule = { threshold: 0.9, stiffSteps: 10, nonstiffSteps: 3 };

/** The methods between which a solve switches, and when it does. */
export interface Switching<S = Step> {
  /** Takes over where the problem is stiff. */
  readonly stiffStep: S;
  /** What the step size is multiplied by on the way to that method, and divided by on the way back. */
  readonly stepFactor: number;
}

/**
 * Counts the steps that stability holds back, not accuracy: S |h| close to the end of the stability region of the explicit
 * method, whichever method took the step. Without switching, the explicit method takes all of them.
 *
 * Single steps that are not held back do not start the count anew, as they do not in DOPRI5 (Hairer, Wanner, Solving Ordinary
 * Differential Equations II, IV.2): where stability limits the step size, it swings about the limit.
 */
export class StiffnessWatch<S extends Pick<Step, "method"> = Step> {
  /** Takes the next step. */
  step: S;
  /** Accepted steps so far that were at the limit of the explicit method's stability, or beyond. */
  stiffSteps = 0;
  /** Steps that were held back, since the last time that the problem was not stiff. */
  private heldBack = 0;
  /** Steps in a row, up to the last one, that were not. */
  private free = 0;

  constructor(
    private readonly explicitStep: S,
    private readonly rule: StiffnessRule,
    private readonly switching?: Switching<S>,
  ) {
    this.step = explicitStep;
  }

  /** Takes note of an accepted step; returns what the size of the next one is to be multiplied by. */
  accept({ h, stiffness }: StepRecord): number {
    const { stabilitySize = Number.POSITIVE_INFINITY } = this.explicitStep.method;
    // false where S is not known, which is NaN
    const isHeldBack = Math.abs(h) * stiffness > this.rule.threshold * stabilitySize;
    if (isHeldBack) {
      this.stiffSteps++;
      this.heldBack++;
    }
    this.free = isHeldBack ? 0 : this.free + 1;
    if (this.isNonstiff) this.heldBack = 0;
    return this.switching ? this.choose(this.switching) : 1;
  }

  /** Whether the problem has turned out to be stiff. */
  get isStiff(): boolean {
    return this.heldBack > this.rule.stiffSteps;
  }

  private get isNonstiff(): boolean {
    return this.free > this.rule.nonstiffSteps;
  }

  private choose({ stiffStep, stepFactor }: Switching<S>): number {
    const before = this.step;
    if (this.isStiff) this.step = stiffStep;
    if (this.isNonstiff) this.step = this.explicitStep;
    if (this.step === before) return 1;
    return this.step === stiffStep ? stepFactor : 1 / stepFactor;
  }
}
