import type { Value } from "../../compiler/targets/target.js";
import type { ValueScope } from "../../compiler/targets/value-scope.js";
import type { Crossing } from "./event-search.js";
import type { IntegrateOptions, OdeStart } from "./integrate-values.js";
import type { OdePrograms } from "./ode-programs.js";
import { ResidualMemory } from "./residual-memory.js";
import { SavePoints, type StepWay } from "./save-points.js";
import type { Attempt } from "./step.js";
import type { TapeEntry } from "./step-records.js";

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
    this.points = new SavePoints(options.saveAt ?? []);
    this.room = new ResidualMemory(ode.target, options.residualBytes);
  }

  start({ state, span: [t0] }: OdeStart): void {
    this.savedAtStart = this.points.atStart(t0);
    for (const _ of this.savedAtStart) this.save(this.ode.copy(state));
  }

  /** Whether a step needs its dense output. */
  needsDense(t: number, end: number): boolean {
    const { dense = false, events = [] } = this.options;
    return dense || events.length > 0 || this.points.within(t, end);
  }

  /** Whether a step's residuals are to be kept, if it is accepted. */
  get needsResiduals(): boolean {
    return this.options.tape && this.room.hasRoom;
  }

  /** Takes over what an accepted step started from, and frees what is not asked for. Returns the states at the events. */
  accept(
    start: Omit<TapeEntry, "residuals" | "saved">,
    { next, dense, residuals }: Attempt,
    way: StepWay,
    crossings: readonly Crossing[],
  ): readonly (readonly Value[])[] {
    const stateAt = (theta: number): Value[] =>
      theta === 1 ? this.ode.copy(next.state) : start.step.interpolate(start.state, dense, theta);
    const saved = this.points.passed(start.t, way);
    for (const { theta } of saved) this.save(stateAt(theta));
    const states = crossings.map(({ theta }) => this.scope.own(stateAt(theta)));
    crossings.forEach(({ index, t }, i) => {
      this.events.push({ index, t, state: states[i] });
    });
    if (residuals) this.room.add(residuals.added);
    if (this.options.tape) this.tape.push(Object.assign(start, { residuals, saved }));
    else this.scope.free(start.slope);
    if (this.options.dense) {
      this.dense.push({ t: start.t, h: start.h, state: start.state, coefficients: dense });
    } else this.scope.free(dense);
    if (!this.options.tape && !this.options.dense) this.scope.free(start.state);
    return states;
  }

  /** Everything that was kept. */
  results() {
    const { tape, saved, savedAtStart, dense, events } = this;
    return { tape, saved, savedAtStart, dense, events };
  }

  private save(state: readonly Value[]): void {
    this.saved.push(this.scope.own(state));
  }
}
