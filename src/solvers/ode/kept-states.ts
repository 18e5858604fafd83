import type { Value } from "../../compiler/targets/target.js";
import type { ValueScope } from "../../compiler/targets/value-scope.js";
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

/** Keeps of a solve's accepted steps what was asked for: states at given times, dense output, the tape. */
export class KeptStates {
  private readonly tape: TapeEntry[] = [];
  private readonly saved: (readonly Value[])[] = [];
  private readonly dense: DenseStep[] = [];
  private savedAtStart: readonly number[] = [];
  private readonly points: SavePoints;
  private readonly room: ResidualMemory;

  constructor(
    private readonly ode: OdePrograms,
    private readonly scope: ValueScope,
    private readonly options: IntegrateOptions,
  ) {
    this.points = new SavePoints(options.saveAt ?? []);
    this.room = new ResidualMemory(ode.target.precision, options.residualBytes);
  }

  start({ state, span: [t0] }: OdeStart): void {
    this.savedAtStart = this.points.atStart(t0);
    for (const _ of this.savedAtStart) this.save(this.ode.copy(state));
  }

  /** Whether a step needs its dense output. */
  needsDense(t: number, end: number): boolean {
    return (this.options.dense ?? false) || this.points.within(t, end);
  }

  /** Whether a step's residuals are to be kept, if it is accepted. */
  get needsResiduals(): boolean {
    return this.options.tape && this.room.hasRoom;
  }

  /** Takes over what an accepted step started from, and frees what is not asked for. */
  accept(
    start: Omit<TapeEntry, "residuals" | "saved">,
    { next, dense, residuals }: Attempt,
    way: StepWay,
  ): void {
    const saved = this.points.passed(start.t, way);
    for (const { theta } of saved) {
      const inside = (): Value[] => this.ode.interpolate(start.state, dense, theta);
      this.save(theta === 1 ? this.ode.copy(next.state) : inside());
    }
    if (residuals) this.room.add(residuals.added);
    if (this.options.tape) this.tape.push({ ...start, residuals, saved });
    else this.scope.free(start.slope);
    if (this.options.dense) {
      this.dense.push({ t: start.t, h: start.h, state: start.state, coefficients: dense });
    } else this.scope.free(dense);
    if (!this.options.tape && !this.options.dense) this.scope.free(start.state);
  }

  /** Everything that was kept. */
  results() {
    const { tape, saved, savedAtStart, dense } = this;
    return { tape, saved, savedAtStart, dense };
  }

  private save(state: readonly Value[]): void {
    this.saved.push(this.scope.own(state));
  }
}
