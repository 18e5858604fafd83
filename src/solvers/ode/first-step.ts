/** Norms from which the first step follows, all scaled by atol + rtol |y0|. */
export interface StartNorms {
  readonly state: number;
  readonly slope: number;
}

/** Size of the Euler step by which the second derivative is probed. Part one of the automatic first step. */
export function trialStep({ state, slope }: StartNorms, span: number): number {
  const trial = state < 1e-5 || slope < 1e-5 ? 1e-6 : (0.01 * state) / slope;
  return Math.min(trial, Math.abs(span));
}

/**
 * Automatic first step, part two: from the change of the slope over the trial step (Hairer, Norsett, Wanner I, II.4,
 * algorithm "starting step size", with root mean squares and the exponent 1/order of OrdinaryDiffEq and torchdiffeq).
 */
export function firstStep(
  norms: StartNorms,
  changeNorm: number,
  trial: number,
  order: number,
  span: number,
): number {
  const curvature = changeNorm / trial;
  const steepest = Math.max(norms.slope, curvature);
  const step =
    steepest <= 1e-15
      ? Math.max(1e-6, trial * 1e-3)
      : Math.exp((Math.log(0.01) - Math.log(steepest)) / order);
  return Math.min(100 * trial, step, Math.abs(span));
}
