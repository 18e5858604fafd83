import { type NdArray, zeros } from "../../../compiler/nd-array.js";
import type { Value } from "../../../compiler/targets/target.js";
import { ValueScope } from "../../../compiler/targets/value-scope.js";
import type { Tolerances } from "../step.js";
import type { SavedPoint } from "../step-records.js";
import type { LaneCotangents, LanePrograms, LaneStates, PerLane } from "./lane-programs.js";
import { copyEntries, rowsTogether } from "./lane-rows.js";
import type { LanesTrajectory } from "./lanes-integration.js";
import type { SlopesEvaluated, StepsTaken } from "./lanes-tape.js";

/** Derivatives of a loss by what one lane yields, as arrays. */
export interface LaneResultCotangents {
  /** By its state at the end. */
  readonly state: readonly NdArray[];
  /** By its saved states: each leaf with a leading axis; absent for zeros. */
  readonly saved?: readonly NdArray[];
  readonly error?: Float64Array;
  readonly stiffness?: Float64Array;
}

/**
 * The discrete adjoint of many lanes: the exact derivative of the steps that each lane took, with their sizes held
 * constant, swept backwards over the tape for all lanes at once. Gradients of parameters are sums over the lanes.
 */
export function pullbackLanes(
  programs: LanePrograms,
  params: readonly Value[],
  { results, tape }: LanesTrajectory,
  tolerances: Tolerances,
  cotangents: readonly LaneResultCotangents[],
): { readonly state: NdArray[]; readonly params: NdArray[] } {
  const sweep = new LanesSweep(programs, params, tolerances, cotangents);
  try {
    for (let i = tape.length - 1; i >= 0; i--) {
      const entry = tape[i];
      if (entry.kind === "steps") sweep.pullBackSteps(entry);
      else sweep.pullBackSlopes(entry);
    }
    sweep.addSaved(results.map(({ savedAtStart }) => savedAtStart));
    return sweep.gradients();
  } finally {
    sweep.release();
  }
}

/** Numbers of the saved states of each lane, among those that lie in its step. */
function indicesOf({ saved }: StepsTaken, isWanted: (point: SavedPoint) => boolean): number[][] {
  return saved.map((points) => points.filter(isWanted).map(({ index }) => index));
}

/** The cotangents that a sweep carries from steps to the steps before. */
class LanesSweep {
  private readonly scope: ValueScope;
  private cotangent: LaneStates;
  private sum: readonly Value[];

  constructor(
    private readonly programs: LanePrograms,
    private readonly params: readonly Value[],
    private readonly tolerances: Tolerances,
    private readonly cotangents: readonly LaneResultCotangents[],
  ) {
    this.scope = new ValueScope(programs.target);
    const slope = programs.method.carriesSlope ? this.scope.own(programs.zeroStates()) : [];
    const rows = rowsTogether(cotangents.map(({ state }) => state));
    this.cotangent = { state: this.scope.put(rows), slope };
    this.sum = this.scope.own(programs.zeroParams());
  }

  pullBackSteps(entry: StepsTaken): void {
    const { programs, scope } = this;
    this.addSaved(indicesOf(entry, ({ theta }) => theta === 1));
    const within = this.within(entry);
    const estimates = {
      error: this.ofEstimates("error", entry),
      stiffness: this.ofEstimates("stiffness", entry),
    };
    const cotangents: LaneCotangents = { next: this.cotangent, within, ...estimates };
    const { start, params } = programs.pullback(entry, this.params, this.tolerances, cotangents, this.sum);
    if (within) scope.free([...within.state, ...within.dense]);
    this.moveTo(start, params);
  }

  /** Pulls slopes back to the states at which they were evaluated; those of other lanes go on as they are. */
  pullBackSlopes({ state, t, chosen }: SlopesEvaluated): void {
    const { programs, scope, cotangent } = this;
    const none = scope.own(programs.zeroStates());
    const own = scope.own(programs.choose(chosen, cotangent.slope, none));
    const others = programs.choose(chosen, none, cotangent.slope);
    const sums = { state: cotangent.state, params: this.sum };
    const gradients = programs.slopePullback(state, this.params, t, own, sums);
    scope.free([...own, ...none]);
    this.moveTo({ state: gradients.state, slope: others }, gradients.params);
  }

  /** Adds cotangents of saved states, so many of each lane, to those of the states at the same times. */
  addSaved(indices: readonly (readonly number[])[]): void {
    const { programs, scope } = this;
    for (let k = 0; indices.some((own) => k < own.length); k++) {
      const added = this.putSaved(indices.map((own) => own[k]));
      if (!added) continue;
      const { state, slope } = this.cotangent;
      this.cotangent = { state: scope.own(programs.sum(state, added)), slope };
      scope.free([...state, ...added]);
    }
  }

  gradients(): { readonly state: NdArray[]; readonly params: NdArray[] } {
    const { target } = this.programs;
    const arrays = (values: readonly Value[]) => values.map((value) => target.get(value));
    return { state: arrays(this.cotangent.state), params: arrays(this.sum) };
  }

  release(): void {
    this.scope.release();
  }

  /** Cotangents of states within the steps, as they fall on their starts and on the coefficients of dense output. */
  private within({ saved }: StepsTaken): LaneCotangents["within"] {
    const { programs, scope } = this;
    const inner = saved.map((points) => points.filter(({ theta }) => theta < 1));
    let sums: LaneCotangents["within"];
    for (let k = 0; inner.some((points) => k < points.length); k++) {
      const theta = Float64Array.from(inner, (points) => points[k]?.theta ?? 0);
      const cotangent = this.putSaved(inner.map((points) => points[k]?.index));
      if (!cotangent) continue;
      const before = sums ?? this.zeroWithin();
      sums = programs.interpolationPullback(theta, cotangent, before);
      scope.own([...sums.state, ...sums.dense]);
      scope.free([...cotangent, ...before.state, ...before.dense]);
    }
    return sums;
  }

  private zeroWithin() {
    const { programs, scope } = this;
    const dense = Array.from({ length: programs.method.denseDegree }, () => scope.own(programs.zeroStates()));
    return { state: scope.own(programs.zeroStates()), dense: dense.flat() };
  }

  /** Cotangents of E or S of the steps, where there are any. */
  private ofEstimates(which: "error" | "stiffness", { numbers }: StepsTaken): PerLane | undefined {
    const numbersOf = Float64Array.from(numbers, (number, lane) =>
      number < 0 ? 0 : (this.cotangents[lane][which]?.[number] ?? 0),
    );
    return numbersOf.some((value) => value !== 0) ? numbersOf : undefined;
  }

  /** Cotangents of one saved state of each lane, zeros for lanes without; undefined if none has one. */
  private putSaved(indices: readonly (number | undefined)[]): Value[] | undefined {
    const lanes = this.cotangents.length;
    let rows: NdArray[] | undefined;
    this.cotangents.forEach(({ saved, state }, lane) => {
      const index = indices[lane];
      if (index === undefined || !saved) return;
      rows ??= state.map(({ shape }) => zeros([lanes, 1, ...shape]));
      copyEntries(saved, index, rows, lane);
    });
    return rows && this.scope.put(rows);
  }

  private moveTo(states: LaneStates, sum: readonly Value[]): void {
    this.scope.own([...states.state, ...states.slope, ...sum]);
    this.scope.free([...this.cotangent.state, ...this.cotangent.slope, ...this.sum]);
    this.cotangent = states;
    this.sum = sum;
  }
}
