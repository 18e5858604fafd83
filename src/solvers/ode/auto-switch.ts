import type { Tableau } from "../tableaux/tableau.js";
import type { OneStepMethod } from "./method.js";
import { explicitMethod } from "./runge-kutta.js";
import { type StiffnessRule, stiffnessRule } from "./stiffness-watch.js";

/** When to switch between two methods, and to which step size. */
export interface SwitchingRule extends StiffnessRule {
  /** What the step size is multiplied by on the way to the stiff method, and divided by on the way back. */
  readonly stepFactor: number;
}

/** An explicit method, and another for where the problem is stiff. */
export interface SwitchingMethod {
  readonly name: string;
  readonly nonstiff: Tableau | OneStepMethod;
  readonly stiff: Tableau | OneStepMethod;
  readonly rule: SwitchingRule;
}

/** All that a solve can be asked to solve with. */
export type SolverMethod = Tableau | OneStepMethod | SwitchingMethod;

const defaultRule: SwitchingRule = { ...stiffnessRule, stepFactor: 2 };

/**
 * Solves with the first method, and with the second one where the problem is stiff: after more than 10 steps that stability
 * held back, with twice the step size, until the first method would have been stable in more than 3 steps in a row, with
 * half of it. Each step's record names the method that took it.
 *
 * @param rule - what is to differ from the rule of OrdinaryDiffEq's AutoSwitch
 * @throws RangeError when the methods do not estimate what the decision needs, the second one is explicit too, or the rule
 * has impossible numbers.
 */
export function autoSwitch(
  nonstiff: Tableau | OneStepMethod,
  stiff: Tableau | OneStepMethod,
  rule: Partial<SwitchingRule> = {},
): SwitchingMethod {
  const [explicit, implicit] = [oneStepMethod(nonstiff), oneStepMethod(stiff)];
  for (const { name, estimatesError, estimatesStiffness } of [explicit, implicit]) {
    require(estimatesError && estimatesStiffness, `${name} does not estimate both error and stiffness`);
  }
  require(explicit.stabilitySize !==
    undefined, `${explicit.name} needs no other method where a problem is stiff; put an explicit one first, such as tsit5`);
  require(implicit.stabilitySize ===
    undefined, `${implicit.name} is no method for stiff problems; put one such as rosenbrock23 second`);
  const complete = { ...defaultRule, ...rule };
  for (const [part, value] of Object.entries(complete)) {
    require(value > 0 &&
      Number.isFinite(value), `the rule's ${part} must be a positive number, got ${value}`);
  }
  return { name: `autoSwitch(${explicit.name}, ${implicit.name})`, nonstiff, stiff, rule: complete };
}

/** The methods that a solve may take its steps with, the one it starts with first. */
export function methodsOf(
  method: SolverMethod,
): readonly [OneStepMethod] | readonly [OneStepMethod, OneStepMethod] {
  return isSwitching(method)
    ? [oneStepMethod(method.nonstiff), oneStepMethod(method.stiff)]
    : [oneStepMethod(method)];
}

/** Whether a method is made of two. */
export function isSwitching(method: SolverMethod): method is SwitchingMethod {
  return "nonstiff" in method;
}

function oneStepMethod(method: Tableau | OneStepMethod): OneStepMethod {
  return "step" in method ? method : explicitMethod(method);
}

function require(holds: boolean, complaint: string): void {
  if (!holds) throw new RangeError(`autoSwitch: ${complaint}`);
}
