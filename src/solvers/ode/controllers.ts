/**
 * Coefficients of a step size controller. The next step is h times
 *
 *   safety * E^(-errorPower / q) * E_previous^(previousPower / q),    q = order of the error estimate,
 *
 * clipped; E <= 1 accepts a step (Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.4 and
 * Gustafsson 1991).
 */
export interface Controller {
  readonly name: string;
  readonly errorPower: number;
  /** 0 makes it an integral controller, which looks at the last step alone. */
  readonly previousPower: number;
  readonly safety: number;
  readonly smallestFactor: number;
  readonly largestFactor: number;
  /** Whether the step may shrink after an accepted step. */
  readonly shrinksAccepted: boolean;
  /** E_previous is never taken smaller than this, and is this before the first step. */
  readonly smallestPrevious: number;
}

/** The integral controller of torchdiffeq and, by default, of diffrax: an accepted step never shrinks the next. */
export const integralController: Controller = {
  name: "I",
  errorPower: 1,
  previousPower: 0,
  safety: 0.9,
  smallestFactor: 0.2,
  largestFactor: 10,
  shrinksAccepted: false,
  smallestPrevious: 1e-4,
};

/** The proportional-integral controller of SciML's OrdinaryDiffEq, which Pal et al. (ICML 2021) trained with. */
export const proportionalIntegralController: Controller = {
  name: "PI",
  errorPower: 0.7,
  previousPower: 0.4,
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
  errorPower: 0.85,
  previousPower: 0.2,
};

/** Controllers by the name of the code that has them as its default. */
export const controllers = {
  torchdiffeq: integralController,
  diffrax: integralController,
  sciml: proportionalIntegralController,
  hairer: hairerController,
} as const;

/** What a controller remembers between steps. */
export interface ControllerState {
  readonly previousError: number;
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
  return { previousError: smallestPrevious };
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
  const { errorPower, previousPower, safety, smallestFactor, largestFactor, smallestPrevious } = controller;
  const accepted = error <= 1;
  if (!Number.isFinite(error)) return { accepted: false, factor: smallestFactor, state };
  if (error === 0) return { accepted, factor: largestFactor, state: initialControllerState(controller) };
  const raw = safety * power(error, -errorPower / errorOrder);
  if (!accepted) return { accepted, factor: clamp(raw, smallestFactor, 1), state };
  const smoothed = raw * power(state.previousError, previousPower / errorOrder);
  const least = controller.shrinksAccepted ? smallestFactor : 1;
  return {
    accepted,
    factor: clamp(smoothed, least, largestFactor),
    state: { previousError: Math.max(error, smallestPrevious) },
  };
}

/** base ** exponent. Math.pow differs in its last bit between versions of V8, exp and log do not. */
function power(base: number, exponent: number): number {
  return Math.exp(exponent * Math.log(base));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
