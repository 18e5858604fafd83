import type { Program, Value } from "../../compiler/targets/target.js";
import type { WatchedEvent } from "./event.js";
import type { OdeStart } from "./integrate-values.js";
import type { OdePrograms } from "./ode-programs.js";
import { type FunctionPoint, signChange } from "./root.js";
import type { Step } from "./step.js";
import type { TapeEntry } from "./step-records.js";

/** An event within a step. */
export interface Crossing {
  /** Its place among the events that are looked for. */
  readonly index: number;
  /** Fraction of the step at which it lies, above 0. */
  readonly theta: number;
  readonly t: number;
  readonly terminal: boolean;
}

/** A step is looked through in so many parts: crossings that are further apart than one of them are not missed. */
const parts = 4;

/** A step on which events are looked for. */
interface WatchedStep extends Pick<TapeEntry, "step" | "t" | "h"> {
  /** At its start. */
  readonly state: readonly Value[];
}

/**
 * Looks for events step by step, on dense output. An event is where a function reaches zero, or passes it; that it leaves
 * zero is none, so that a solve may start on it, or go on from one.
 */
export class EventSearch {
  private readonly programs = new Map<Step, { readonly value: Program; release(): void }>();
  private readonly values: Float64Array;

  constructor(
    private readonly ode: OdePrograms,
    private readonly events: readonly WatchedEvent[],
  ) {
    this.values = new Float64Array(events.length);
  }

  /** Takes note of the values at the start of a solve. */
  start({ state, params, span: [t] }: OdeStart): void {
    const { step } = this.ode;
    // where a step starts its polynomial is the state, whatever its coefficients
    const dense = Array.from({ length: step.method.denseDegree }, () => state).flat();
    this.values.set(this.evaluate({ step, t, h: 0, state }, dense, params, 0));
  }

  /** The events in an accepted step, in their order, up to the first that ends the solve. */
  within(step: WatchedStep, dense: readonly Value[], params: readonly Value[]): Crossing[] {
    const found: Crossing[] = [];
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part / parts, (part + 1) / parts];
      const valuesAt = (theta: number) => this.evaluate(step, dense, params, theta);
      const ends = valuesAt(to);
      const crossed = this.events.flatMap(({ terminal }, index): Crossing[] => {
        const [low, high] = [
          { x: from, value: this.values[index] },
          { x: to, value: ends[index] },
        ];
        if (!this.counts(index, low.value, high.value)) return [];
        const theta = timeOfChange((x) => valuesAt(x)[index], low, high, step);
        return [{ index, theta, t: step.t + theta * step.h, terminal }];
      });
      this.values.set(ends);
      found.push(...crossed.sort((a, b) => a.theta - b.theta));
      const last = found.findIndex(({ terminal }) => terminal);
      if (last >= 0) return found.slice(0, last + 1);
    }
    return found;
  }

  release(): void {
    for (const { release } of this.programs.values()) release();
    this.programs.clear();
  }

  /** Whether a change between two values is an event. */
  private counts(index: number, before: number, after: number): boolean {
    const { direction } = this.events[index];
    const rising = before < 0 && after >= 0;
    const falling = before > 0 && after <= 0;
    return (rising && direction !== "falling") || (falling && direction !== "rising");
  }

  /** What each event watches, at a fraction of a step; where that is not a number, what it was last. */
  private evaluate(
    { step, t, h, state }: WatchedStep,
    dense: readonly Value[],
    params: readonly Value[],
    theta: number,
  ): Float64Array {
    const functions = this.events.map(({ when }) => when);
    const program = this.programs.get(step) ?? step.watch(functions);
    this.programs.set(step, program);
    const readout = new Float64Array(this.events.length);
    program.value.run([...state, ...dense, ...params], Float64Array.of(t + theta * h, theta), readout);
    return readout.map((value, i) => (Number.isNaN(value) ? this.values[i] : value));
  }
}

/** The fraction of a step at which a function changes its sign, to two units in the last place of time. */
function timeOfChange(
  f: (theta: number) => number,
  from: FunctionPoint,
  to: FunctionPoint,
  { t, h }: WatchedStep,
): number {
  const unit = (Number.EPSILON * Math.max(Math.abs(t), Math.abs(t + h))) / Math.abs(h);
  return signChange(f, from, to, 2 * Math.max(unit, Number.EPSILON));
}
