import type { Step } from "./step.js";
import type { StepRecord } from "./step-records.js";

/** When a problem counts as stiff. */
export interface StiffnessRule {
  /** A step is held back by stability where S |h| is above this fraction of the stability region's length. */
  readonly threshold: number;
  /** More such steps in a row than this, and the problem is stiff. */
  readonly stiffSteps: number;
  /** More other steps in a row than this, and it is no longer. */
  readonly nonstiffSteps: number;
}

/** The rule of OrdinaryDiffEq's AutoSwitch (Rackauckas, Nie, Journal of Open Research Software 5(1), 2017). */
export const stiffnessRule: StiffnessRule = { threshold: 0.9, stiffSteps: 10, nonstiffSteps: 3 };

/** The methods between which a solve switches, and when it does. */
export interface Switching {
  /** Takes over where the problem is stiff. */
  readonly stiffStep: Step;
  /** What the step size is multiplied by on the way to that method, and divided by on the way back. */
  readonly stepFactor: number;
}

/**
 * Counts the steps that stability holds back, not accuracy: S |h| close to the end of the stability region of the explicit
 * method, whichever method took the step. Without switching, the explicit method takes all of them.
 */
export class StiffnessWatch {
  /** Takes the next step. */
  step: Step;
  /** Accepted steps so far that were at the limit of the explicit method's stability, or beyond. */
  stiffSteps = 0;
  /** Length of the present run of steps: positive if stability holds them back, else negative. */
  private run = 0;

  constructor(
    private readonly explicitStep: Step,
    private readonly rule: StiffnessRule,
    private readonly switching?: Switching,
  ) {
    this.step = explicitStep;
  }

  /** Takes note of an accepted step; returns what the size of the next one is to be multiplied by. */
  accept({ h, stiffness }: StepRecord): number {
    const { stabilitySize = Number.POSITIVE_INFINITY } = this.explicitStep.method;
    // false where S is not known, which is NaN
    const isHeldBack = Math.abs(h) * stiffness > this.rule.threshold * stabilitySize;
    if (isHeldBack) this.stiffSteps++;
    this.run = isHeldBack ? Math.max(this.run, 0) + 1 : Math.min(this.run, 0) - 1;
    return this.switching ? this.choose(this.switching) : 1;
  }

  /** Whether the last steps were stiff, by the rule. */
  get isStiff(): boolean {
    return this.run > this.rule.stiffSteps;
  }

  private choose({ stiffStep, stepFactor }: Switching): number {
    const before = this.step;
    if (this.isStiff) this.step = stiffStep;
    if (this.run < -this.rule.nonstiffSteps) this.step = this.explicitStep;
    if (this.step === before) return 1;
    return this.step === stiffStep ? stepFactor : 1 / stepFactor;
  }
}
