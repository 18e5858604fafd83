import type { Value } from "../../compiler/targets/target.js";
import type { ValueScope } from "../../compiler/targets/value-scope.js";
import type { Crossing } from "./event-search.js";
import type { IntegrateOptions, OdeStart } from "./integrate-values.js";
import type { OdePrograms } from "./ode-programs.js";
import { ResidualMemory } from "./residual-memory.js";
import { SavePoints, type StepWay } from "./save-points.js";
import type { SavedPoint, TapeEntry } from "./step-records.js";

const none: readonly never[] = [];

/** An accepted step with the coefficients of its dense output. */
export interface DenseStep {
  readonly t: number;
  readonly h: number;
  readonly state: readonly Value[];
  /** Power by power, leaf by leaf. */
  readonly coefficients: readonly Value[];
}

/** An event that was passed, with the state there. */
export interface PassedEvent {
  /** Its place among the events that are looked for. */
  readonly index: number;
  readonly t: number;
  readonly state: readonly Value[];
}

/** Keeps of a solve's accepted steps what was asked for: states at given times, dense output, the tape. */
export class KeptStates {
  private readonly tape: TapeEntry[] = [];
  private readonly saved: (readonly Value[])[] = [];
  private readonly dense: DenseStep[] = [];
  private readonly events: PassedEvent[] = [];
  private savedAtStart: readonly number[] = [];
  private readonly points: SavePoints;
  private readonly room: ResidualMemory;

  constructor(
    private readonly ode: OdePrograms,
    private readonly scope: ValueScope,
    private readonly options: IntegrateOptions,
  ) {
    this.points = new SavePoints(options.saveAt ?? none);
    this.room = new ResidualMemory(ode.target, options.residualBytes);
  }

  start({ state, span: [t0] }: OdeStart): void {
    this.savedAtStart = this.points.atStart(t0);
    for (const _ of this.savedAtStart) this.save(this.ode.copy(state));
  }

  /** Whether a step needs its dense output. */
  needsDense(t: number, end: number): boolean {
    const { dense = false, events = none } = this.options;
    return dense || events.length > 0 || this.points.within(t, end);
  }

  /** Whether a step's residuals are to be kept, if it is accepted. */
  get needsResiduals(): boolean {
    return this.options.tape && this.room.hasRoom;
  }

  /** Whether nothing is kept of what accepted steps started from. */
  get forgetsStarts(): boolean {
    return !this.options.tape && !this.options.dense;
  }

  /** The times of `saveAt` that an accepted step passes. */
  passed(t: number, way: StepWay): readonly SavedPoint[] {
    return this.points.passed(t, way);
  }

  /**
   * Takes over an accepted step, and frees what is not asked for; what the step started from is the caller's to free where
   * starts are forgotten. Returns the states at the events.
   */
  accept(
    entry: TapeEntry,
    dense: readonly Value[],
    crossings: readonly Crossing[],
  ): readonly (readonly Value[])[] {
    if (entry.saved.length > 0) this.keepSaved(entry, dense);
    const states = crossings.length > 0 ? this.keepEvents(entry, dense, crossings) : none;
    if (this.options.dense) this.keepDense(entry, dense);
    else if (dense.length > 0) this.scope.free(dense);
    if (this.options.tape) this.keepTape(entry);
    else if (this.options.dense) this.scope.free(this.slopeOf(entry));
    return states;
  }

  /** Everything that was kept. */
  results() {
    const { tape, saved, savedAtStart, dense, events } = this;
    return { tape, saved, savedAtStart, dense, events };
  }

  private keepSaved(entry: TapeEntry, dense: readonly Value[]): void {
    for (const { theta } of entry.saved) this.save(this.stateAt(entry, dense, theta));
  }

  private keepEvents(
    entry: TapeEntry,
    dense: readonly Value[],
    crossings: readonly Crossing[],
  ): readonly (readonly Value[])[] {
    const states = crossings.map(({ theta }) => this.scope.own(this.stateAt(entry, dense, theta)));
    crossings.forEach(({ index, t }, i) => {
      this.events.push({ index, t, state: states[i] });
    });
    return states;
  }

  private keepDense({ t, h, start }: TapeEntry, coefficients: readonly Value[]): void {
    this.dense.push({ t, h, state: start.slice(0, this.leaves), coefficients });
  }

  private keepTape(entry: TapeEntry): void {
    if (entry.residuals) this.room.add(entry.made, entry.residuals);
    this.tape.push(entry);
  }

  private slopeOf({ step, start }: TapeEntry): readonly Value[] {
    return step.method.carriesSlope ? start.slice(this.leaves, 2 * this.leaves) : none;
  }

  private stateAt({ step, start, made }: TapeEntry, dense: readonly Value[], theta: number): Value[] {
    return theta === 1 ? this.ode.copy(made.slice(0, this.leaves)) : step.interpolate(start, dense, theta);
  }

  private get leaves(): number {
    return this.ode.signature.stateShapes.length;
  }

  private save(state: readonly Value[]): void {
    this.saved.push(this.scope.own(state));
  }
}
