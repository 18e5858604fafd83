import { type NdArray, ndArray } from "../../../compiler/nd-array.js";
import { sizeOf } from "../../../compiler/shape.js";
import type { Value } from "../../../compiler/targets/target.js";
import type { ValueScope } from "../../../compiler/targets/value-scope.js";
import type { HostStep } from "../host-dense-output.js";
import type { IntegrateOptions } from "../integrate-values.js";
import type { SavedPoint } from "../step-records.js";
import { automaticSteps } from "./automatic-steps.js";
import { Lane } from "./lane.js";
import type { LaneAttempt, LanePrograms, LaneStates, PerLane } from "./lane-programs.js";
import { arraysOf, copyEntries, firstEntries, rowOf, withRow } from "./lane-rows.js";
import type { LanesTape, SlopesEvaluated, StepsTaken } from "./lanes-tape.js";

/** Where a solve of lanes starts; the values stay the caller's. */
export interface LanesStart {
  readonly state: readonly Value[];
  readonly params: readonly Value[];
  readonly span: readonly [number, number];
}

/** What became of one lane. */
export interface LaneResult {
  readonly lane: Lane;
  /** Its state at the end. */
  readonly state: readonly NdArray[];
  /** Its saved states: each leaf with a leading axis, as long as there are times that were reached. */
  readonly saved: readonly NdArray[];
  /** Numbers of the saved states that are the start itself. */
  readonly savedAtStart: readonly number[];
  readonly dense: readonly HostStep[];
}

/** A finished solve of lanes. */
export interface LanesTrajectory {
  readonly results: readonly LaneResult[];
  readonly tape: LanesTape;
}

interface KeptOfLane {
  /** Room for all that is to be saved. */
  readonly saved: readonly NdArray[];
  savedCount: number;
  readonly dense: HostStep[];
  savedAtStart: readonly number[];
  /** Its last state, from when on its row holds another's. */
  end?: readonly NdArray[];
}

/** A solve of many lanes under way: all try a step at once, each of its own size, and each is judged by itself. */
export class LanesIntegration {
  private readonly lanes: readonly Lane[];
  private readonly kept: readonly KeptOfLane[];
  private readonly tape: (StepsTaken | SlopesEvaluated)[] = [];
  private current: LaneStates;

  /** @param scope owns the values of the tape, and all others until the end */
  constructor(
    private readonly programs: LanePrograms,
    private readonly start: LanesStart,
    private readonly options: IntegrateOptions,
    private readonly scope: ValueScope,
    laneOptions: readonly IntegrateOptions[],
  ) {
    const { method, target } = programs;
    this.lanes = laneOptions.map((own) => new Lane(method, start.span, own, target.precision));
    this.kept = laneOptions.map(({ saveAt = [] }) => {
      return { saved: this.room(saveAt.length), savedCount: 0, dense: [], savedAtStart: [] };
    });
    this.current = { state: start.state, slope: [] };
  }

  /** Solves to the end of all lanes. */
  run(): LanesTrajectory {
    this.begin();
    while (this.advance());
    const end = this.arrays(this.current.state);
    const results = this.lanes.map((lane, i) => {
      const { saved, savedCount, dense, savedAtStart, end: own } = this.kept[i];
      const reached = saved.map((leaf) => firstEntries(leaf, savedCount));
      return { lane, saved: reached, dense, savedAtStart, state: own ?? rowOf(end, i) };
    });
    return { results, tape: this.tape };
  }

  private begin(): void {
    const { programs, start, lanes, options } = this;
    const isGiven = options.grid !== undefined || options.firstStep !== undefined;
    const sizes = isGiven
      ? lanes.map(() => options.firstStep ?? 0)
      : automaticSteps(programs, start, options, lanes);
    const rows = this.arrays(start.state);
    lanes.forEach((lane, i) => {
      const savedAtStart = lane.begin(sizes[i]);
      this.kept[i].savedAtStart = savedAtStart;
      for (const index of savedAtStart) this.keep(i, index, rows);
    });
  }

  /** Tries a step of every lane that has not come to its end; false if there is none. */
  private advance(): boolean {
    const { lanes, programs, options } = this;
    const ends = lanes.map((lane) => lane.plan());
    this.replaceFailed();
    if (ends.every((end) => end === undefined)) return false;
    if (programs.method.carriesSlope) this.evaluateSlopes(ends);
    const t = this.perLane((i) => lanes[i].t);
    const h = this.perLane((i) => (ends[i] ?? lanes[i].t) - lanes[i].t);
    const dense = ends.map((end, i) => end !== undefined && lanes[i].needsDense(end));
    const { rtol, atol } = options;
    const wanted = { dense: dense.includes(true), rtol, atol };
    const attempt = programs.attempt(this.current, this.start.params, t, h, wanted);
    this.scope.own(attempt.made);
    const passed = lanes.map((lane, i) => {
      const end = ends[i];
      if (end === undefined) return undefined;
      lane.evaluations.steps += programs.method.evaluations(dense[i]);
      lane.evaluations.jacobians += programs.method.jacobians;
      const { error, errorFloor, stiffness } = attempt;
      return lane.settle(end, { error: error[i], errorFloor: errorFloor[i], stiffness: stiffness[i] });
    });
    this.accept(t, h, attempt, passed);
    return true;
  }

  /** Goes on with the lanes that took their steps, and keeps what is asked for of these steps. */
  private accept(
    t: PerLane,
    h: PerLane,
    attempt: LaneAttempt,
    passed: readonly (readonly SavedPoint[] | undefined)[],
  ): void {
    const { scope, options, current } = this;
    const chosen = this.perLane((i) => (passed[i] ? 1 : 0));
    const saved = passed.map((points) => points ?? []);
    if (!chosen.includes(1)) {
      scope.free(attempt.made);
      return;
    }
    this.save(attempt, saved);
    if (options.dense) this.keepDense(t, h, chosen, attempt);
    if (options.tape) {
      const numbers = this.lanes.map((lane, i) => (passed[i] ? lane.acceptedSteps - 1 : -1));
      const taken = { t, h: h.map((size, i) => size * chosen[i]), numbers, saved };
      this.tape.push({ kind: "steps", ...current, ...taken });
    }
    this.current = chosen.includes(0) ? this.chosen(chosen, attempt.next, current) : attempt.next;
    const stays = new Set([...this.current.state, ...this.current.slope]);
    scope.free(attempt.made.filter((value) => !stays.has(value)));
    if (!options.tape) scope.free([...current.state, ...current.slope]);
  }

  /** The states at the times that are passed. */
  private save({ next, dense }: LaneAttempt, saved: readonly (readonly SavedPoint[])[]): void {
    const within = saved.map((points) => points.filter(({ theta }) => theta < 1));
    for (let k = 0; within.some((points) => k < points.length); k++) {
      const theta = this.perLane((i) => within[i][k]?.theta ?? 0);
      const states = this.programs.interpolate(this.current.state, dense, theta);
      const rows = this.arrays(states);
      within.forEach((points, i) => {
        if (k < points.length) this.keep(i, points[k].index, rows);
      });
      for (const value of states) this.programs.target.free(value);
    }
    const isEndWanted = saved.some((points) => points.some(({ theta }) => theta === 1));
    const ends = isEndWanted ? this.arrays(next.state) : [];
    saved.forEach((points, i) => {
      for (const { theta, index } of points) if (theta === 1) this.keep(i, index, ends);
    });
  }

  /** Keeps a lane's row as one of its saved states. */
  private keep(lane: number, index: number, rows: readonly NdArray[]): void {
    const kept = this.kept[lane];
    copyEntries(rows, lane, kept.saved, index);
    kept.savedCount++;
  }

  /** Arrays of the shapes of one lane's state, with a leading axis. */
  private room(length: number): NdArray[] {
    const Numbers = this.programs.target.precision === "float32" ? Float32Array : Float64Array;
    return this.start.state.map(({ shape: [, , ...row] }) => {
      return ndArray([length, ...row], new Numbers(length * sizeOf(row)));
    });
  }

  private keepDense(t: PerLane, h: PerLane, chosen: PerLane, { dense }: LaneAttempt): void {
    const [states, coefficients] = [this.arrays(this.current.state), this.arrays(dense)];
    this.kept.forEach((kept, i) => {
      if (chosen[i] === 0) return;
      kept.dense.push({ t: t[i], h: h[i], state: rowOf(states, i), coefficients: rowOf(coefficients, i) });
    });
  }

  /** Evaluates the slopes of lanes that need one: at the start, and after a jump. */
  private evaluateSlopes(ends: readonly (number | undefined)[]): void {
    const { lanes, programs, current } = this;
    const needing = lanes.map((lane, i) => lane.needsSlope && ends[i] !== undefined);
    if (!needing.includes(true)) return;
    const isFirst = current.slope.length === 0;
    const t = this.perLane((i) => lanes[i].t);
    const slope = this.scope.own(programs.slope(current.state, this.start.params, t));
    const chosen = this.perLane((i) => (isFirst || needing[i] ? 1 : 0));
    if (this.options.tape) this.tape.push({ kind: "slopes", chosen, t, state: current.state });
    needing.forEach((needed, i) => {
      if (!needed) return;
      lanes[i].needsSlope = false;
      // where the first step's choice has counted it already, it is the same evaluation
      if (lanes[i].evaluations.firstStep === 0 || lanes[i].steps.length > 0) lanes[i].evaluations.start++;
    });
    this.current = { state: current.state, slope };
    if (!chosen.includes(0)) return;
    this.current = {
      state: current.state,
      slope: this.scope.own(programs.choose(chosen, slope, current.slope)),
    };
    this.scope.free(slope);
    if (!this.options.tape) this.scope.free(current.slope);
  }

  /** Puts the state of another lane in the place of those where the field is no number, lest that spreads to gradients. */
  private replaceFailed(): void {
    const failed = this.lanes.flatMap(({ code }, i) =>
      code === "nonFinite" && !this.kept[i].end ? [i] : [],
    );
    const healthy = this.lanes.findIndex(({ code }) => code !== "nonFinite");
    if (failed.length === 0 || healthy < 0) return;
    const before = this.current;
    const replaced = (values: readonly Value[]): readonly Value[] => {
      const arrays = failed.reduce((rows, i) => withRow(rows, i, healthy), this.arrays(values));
      return this.scope.put(arrays);
    };
    const rows = this.arrays(before.state);
    for (const i of failed) this.kept[i].end = rowOf(rows, i);
    this.current = { state: replaced(before.state), slope: replaced(before.slope) };
    if (!this.options.tape) this.scope.free([...before.state, ...before.slope]);
  }

  private chosen(chosen: PerLane, next: LaneStates, current: LaneStates): LaneStates {
    const choose = (a: readonly Value[], b: readonly Value[]): readonly Value[] =>
      a.length === 0 ? [] : this.scope.own(this.programs.choose(chosen, a, b));
    return { state: choose(next.state, current.state), slope: choose(next.slope, current.slope) };
  }

  private perLane(number: (lane: number) => number): PerLane {
    return Float64Array.from(this.lanes, (_, i) => number(i));
  }

  private arrays(values: readonly Value[]): NdArray[] {
    return arraysOf(this.programs.target, values);
  }
}
