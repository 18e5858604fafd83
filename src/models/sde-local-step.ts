import type { Random } from "../compiler/random.js";
import type { Value } from "../compiler/targets/target.js";
import type { ValueScope } from "../compiler/targets/value-scope.js";
import type { Tolerances } from "../solvers/ode/step.js";
import { BrownianPath } from "../solvers/sde/brownian-path.js";
import { automaticSdeStep } from "../solvers/sde/sde-first-step.js";
import type { SdePrograms } from "../solvers/sde/sde-programs.js";
import type { SdeTrajectory } from "../solvers/sde/sde-trajectory.js";
import { enclosingEntry, type LocalStep } from "./local-step.js";
import type { ParameterTerm } from "./parameter-penalty.js";

/** Where a local step of a stochastic equation is taken, and along which noise. */
export interface LocalSdeStep extends Omit<LocalStep, "firstStage"> {
  /** The step's noise is drawn from it, anew: that of the solve is not followed. */
  readonly random: Random;
}

/**
 * The state at a time that a taped solve passed, between steps on the straight line, as saved states are. The scope owns
 * what is new.
 */
export function sdeStateAt(
  sde: SdePrograms,
  { tape, state }: SdeTrajectory,
  t: number,
  scope: ValueScope,
): Value {
  const entry = enclosingEntry(tape, t);
  if (t === entry.t) return entry.state[0];
  const next = tape[tape.indexOf(entry) + 1]?.state ?? state;
  const theta = (t - entry.t) / entry.h;
  return scope.own(sde.combination(1 - theta, entry.state, theta, next))[0];
}

/**
 * R = h E of one step of the automatic first size along noise of its own. State, h and noise are constants; the derivative by
 * the parameters goes through all stages (Pal, Edelman, Rackauckas, ICML 2023, code).
 */
export function localSdeStep(
  sde: SdePrograms,
  { t, state: value, end, weight, random }: LocalSdeStep,
  params: readonly Value[],
  tolerances: Tolerances,
  scope: ValueScope,
): ParameterTerm {
  const state = [value];
  const automatic = automaticSdeStep(sde, { state, params, span: [t, end] }, tolerances);
  const h = Math.min(automatic.h, end - t);
  const layout = { structure: sde.signature.drift.state, shapes: [value.shape] };
  const { dW, dZ } = new BrownianPath(layout, t, random).increment(t, t + h);
  const step = { t, h, state, noise: { dW: scope.put(dW), dZ: scope.put(dZ) } };
  const { error, made } = sde.attempt(step, params, tolerances);
  scope.own(made);
  scope.free(made);
  const factor = weight * h;
  return {
    value: factor * error,
    pullback: (sums) => {
      const cotangents = { next: sde.zeros.state, error: factor, stiffness: 0 };
      const gradients = sde.pullback(step, params, tolerances, cotangents, sums);
      for (const each of gradients.state) sde.target.free(each);
      return gradients.params;
    },
  };
}
