/**
 * Coefficients of a step size controller. With e_n = log E_n, the logarithm of the last step's scaled error, the next step
 * is h times
 *
 *   safety * exp(-(integral e_n + proportional (e_n - e_(n-1)) + derivative (e_n - 2 e_(n-1) + e_(n-2))) / q)
 *
 * clipped, where q is the order of the error estimate; E <= 1 accepts a step (Söderlind, ACM Transactions on Mathematical
 * Software 29(1), 2003, 1-26; Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4). After a rejection
 * the errors before it are taken for 1.
 */
export interface Controller {
  readonly name: string;
  /** Alone, it aims the next error at one tolerance, as far as E grows like h^q. */
  readonly integral: number;
  /** Weight of the error's last change; 0 makes it an integral controller, which looks at the last step alone. */
  readonly proportional: number;
  /** Weight of the change of that change. */
  readonly derivative: number;
  readonly safety: number;
  readonly smallestFactor: number;
  readonly largestFactor: number;
  /** Whether the step may shrink after an accepted step. */
  readonly shrinksAccepted: boolean;
  /** Earlier errors are never taken smaller than this, and are this before the first step. */
  readonly smallestPrevious: number;
}

/** The integral controller of torchdiffeq and, by default, of diffrax: an accepted step never shrinks the next. */
export const integralController: Controller = {
  name: "I",
  integral: 1,
  proportional: 0,
  derivative: 0,
  safety: 0.9,
  smallestFactor: 0.2,
  largestFactor: 10,
  shrinksAccepted: false,
  smallestPrevious: 1e-4,
};

/**
 * The proportional-integral controller of SciML's OrdinaryDiffEq, which Pal et al. (ICML 2021) trained with; its
 * coefficients are Gustafsson's (ACM Transactions on Mathematical Software 17(4), 1991, 533-554).
 */
export const proportionalIntegralController: Controller = {
  name: "PI",
  integral: 0.3,
  proportional: 0.4,
  derivative: 0,
  safety: 0.9,
  smallestFactor: 0.2,
  largestFactor: 10,
  shrinksAccepted: true,
  smallestPrevious: 1e-4,
};

/** Hairer's controller of DOPRI5: beta = 0.04. */
const hairerController: Controller = {
  ...proportionalIntegralController,
  name: "PI (Hairer)",
  integral: 0.65,
  proportional: 0.2,
};

/** A controller with all three parts: the coefficients of SUNDIALS' PID controller, in the frame of the others. */
const pidController: Controller = {
  ...proportionalIntegralController,
  name: "PID",
  integral: 0.47,
  proportional: 0.01,
  derivative: 0.1,
};

/** Controllers by the name of the code that has them, the first four as its default. */
export const controllers = {
  torchdiffeq: integralController,
  diffrax: integralController,
  sciml: proportionalIntegralController,
  hairer: hairerController,
  sundials: pidController,
} as const;

/** What a controller remembers between steps: the errors of the last two accepted steps, the later one first. */
export interface ControllerState {
  readonly previousErrors: readonly [number, number];
}

/** A controller's verdict on an attempted step. */
export interface Verdict {
  readonly accepted: boolean;
  /** The next attempt's step size over this one's. */
  readonly factor: number;
  readonly state: ControllerState;
}

/** What a controller knows before the first step. */
export function initialControllerState({ smallestPrevious }: Controller): ControllerState {
  return { previousErrors: [smallestPrevious, smallestPrevious] };
}

/**
 * Judges a step by its scaled error and proposes the size of the next attempt. An error that is not a number rejects the
 * step and shrinks as far as one step may.
 */
export function judge(
  controller: Controller,
  state: ControllerState,
  error: number,
  errorOrder: number,
): Verdict {
  const { smallestFactor, largestFactor, smallestPrevious, shrinksAccepted } = controller;
  const accepted = error <= 1;
  if (!Number.isFinite(error)) return { accepted: false, factor: smallestFactor, state };
  if (error === 0) return { accepted, factor: largestFactor, state: initialControllerState(controller) };
  if (!accepted) {
    const factor = wantedFactor(controller, error, noErrors, errorOrder);
    return { accepted, factor: clamp(factor, smallestFactor, 1), state };
  }
  const factor = wantedFactor(controller, error, state, errorOrder);
  return {
    accepted,
    factor: clamp(factor, shrinksAccepted ? smallestFactor : 1, largestFactor),
    state: { previousErrors: [Math.max(error, smallestPrevious), state.previousErrors[0]] },
  };
}

const noErrors: ControllerState = { previousErrors: [1, 1] };

/**
 * The factor before it is clipped, from the last error and, where the controller looks at them, those before it. Math.pow
 * differs in its last bit between versions of V8, exp and log do not.
 */
function wantedFactor(
  { integral, proportional, derivative, safety }: Controller,
  error: number,
  { previousErrors }: ControllerState,
  errorOrder: number,
): number {
  const last = Math.log(error);
  let correction = integral * last;
  if (proportional !== 0 || derivative !== 0) {
    const before = Math.log(previousErrors[0]);
    const change = last - before;
    const earlierChange = before - Math.log(previousErrors[1]);
    correction += proportional * change + derivative * (change - earlierChange);
  }
  return safety * Math.exp(-correction / errorOrder);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
