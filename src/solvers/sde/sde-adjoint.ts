import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import type { OdeGradients, TrajectoryCotangents } from "../ode/adjoint.js";
import type { Tolerances } from "../ode/step.js";
import type { SdePrograms } from "./sde-programs.js";
import type { SdeTapeEntry, SdeTrajectory } from "./sde-trajectory.js";

/**
 * Discrete adjoint: the exact derivative of the steps that were taken, swept backwards over the tape, with every step size
 * and the noise held constant.
 *
 * @throws RangeError when the trajectory has no tape, or there is not one cotangent per accepted step or saved state.
 */
export function pullbackSdeTrajectory(
  sde: SdePrograms,
  params: readonly Value[],
  trajectory: SdeTrajectory,
  tolerances: Tolerances,
  cotangents: TrajectoryCotangents,
): OdeGradients {
  const { tape, savedAtStart, stats } = trajectory;
  if (tape.length !== stats.accepted) {
    throw new RangeError("the trajectory has no tape; solve with the option tape: true to differentiate it");
  }
  checkCounts(cotangents, trajectory);
  const { state, saved, error, stiffness } = cotangents;
  const sweep = new SdeSweep(sde, params, tolerances, state);
  try {
    for (let i = tape.length - 1; i >= 0; i--) {
      sweep.stepBack(tape[i], saved, error?.[i] ?? 0, stiffness?.[i] ?? 0);
    }
    for (const index of savedAtStart) if (saved) sweep.add(1, saved[index]);
    return sweep.gradients();
  } finally {
    sweep.release();
  }
}

/** The cotangents that a sweep carries from step to step, and who frees them. */
class SdeSweep {
  private readonly scope: ValueScope;
  private sum: readonly Value[];

  constructor(
    private readonly sde: SdePrograms,
    private readonly params: readonly Value[],
    private readonly tolerances: Tolerances,
    private cotangent: readonly Value[],
  ) {
    this.scope = new ValueScope(sde.target);
    this.sum = sde.zeros.params;
  }

  /** Goes from the end of a step to its start; saved states lie on the straight line between. */
  stepBack(
    entry: SdeTapeEntry,
    saved: readonly (readonly Value[])[] | undefined,
    error: number,
    stiffness: number,
  ): void {
    const points = saved ? entry.saved : [];
    for (const { index, theta } of points) if (saved) this.add(theta, saved[index]);
    const { cotangent, sum } = this;
    const cotangents = { next: cotangent, error, stiffness };
    const start = this.sde.pullback(entry, this.params, this.tolerances, cotangents, sum);
    this.cotangent = this.scope.own(start.state);
    this.sum = this.scope.own(start.params);
    this.scope.free([...cotangent, ...sum]);
    for (const { index, theta } of points) if (saved && theta < 1) this.add(1 - theta, saved[index]);
  }

  /** Adds a multiple of a cotangent. */
  add(weight: number, cotangent: readonly Value[]): void {
    const before = this.cotangent;
    this.cotangent = this.scope.own(this.sde.combination(1, before, weight, cotangent));
    this.scope.free(before);
  }

  /** What was swept together, handed over; what is still the caller's or the programs' is copied. */
  gradients(): OdeGradients {
    const handedOver = (values: readonly Value[]): readonly Value[] =>
      this.scope.surrender(
        values.map((value) => (this.scope.owns(value) ? value : this.sde.copy([value])[0])),
      );
    return { state: handedOver(this.cotangent), params: handedOver(this.sum) };
  }

  release(): void {
    this.scope.release();
  }
}

function checkCounts({ error, stiffness, saved }: TrajectoryCotangents, trajectory: SdeTrajectory): void {
  const { accepted } = trajectory.stats;
  for (const [name, given] of Object.entries({ error, stiffness })) {
    if (given && given.length !== accepted) {
      throw new RangeError(
        `cotangents.${name} needs one number per accepted step, ${accepted}, got ${given.length}`,
      );
    }
  }
  if (saved && saved.length !== trajectory.saved.length) {
    throw new RangeError(
      `cotangents.saved needs one state per saved state, ${trajectory.saved.length}, got ${saved.length}`,
    );
  }
}
