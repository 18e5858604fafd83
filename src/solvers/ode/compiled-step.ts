import type { Program, Target, Value } from "../../compiler/targets/target.js";
import type { TracedEvent } from "./event.js";
import type { OneStepMethod } from "./method.js";
import type { OdeGraphs } from "./ode-graphs.js";
import type {
  Attempt,
  AttemptOptions,
  Step,
  StepCotangents,
  StepStart,
  Tolerances,
  WithinCotangents,
} from "./step.js";
import { StepPrograms } from "./step-programs.js";
import type { TapeEntry } from "./step-records.js";

/** Unit roundoff of each precision: half the distance from 1 to the next number. */
const unitRoundoff = { float32: 2 ** -24, float64: 2 ** -53 };

const nothing: readonly Value[] = [];
const nowhere: readonly number[] = [];

/** A method's step as programs on a target. */
export class CompiledStep implements Step {
  readonly method: OneStepMethod;
  private readonly programs: StepPrograms;
  /** How many leaves the state has. */
  private readonly leaves: number;
  /** How many values a step starts from: the state's leaves and, where it is carried over, the slope's. */
  private readonly carried: number;
  private readonly floorWeight: number;
  /** E, if there is an estimate; the norm of the last slope; S, if there is an estimate. */
  private readonly readout = new Float64Array(3);
  private readonly normAt: number;
  /** t, h, rtol, atol, and the cotangents of E and S as far as wanted. */
  private readonly scalars = new Float64Array(6);
  private readonly leadingScalars = [0, 1, 2, 3, 4, 5, 6].map((count) => this.scalars.subarray(0, count));
  private readonly theta = new Float64Array(1);

  constructor(graphs: OdeGraphs, target: Target) {
    this.method = graphs.method;
    this.programs = new StepPrograms(graphs, target);
    this.leaves = graphs.stateNames.length;
    this.carried = this.programs.carried;
    this.normAt = this.method.estimatesError ? 1 : 0;
    // the error estimate h sum_i e_i k_i inherits from each stage a rounding error of about the unit roundoff times |k|;
    // independent errors add in squares, which leaves h |k| times the roundoff times the norm of the weights
    this.floorWeight = unitRoundoff[target.precision] * this.method.errorWeightNorm;
  }

  get usesSpare(): boolean {
    return this.programs.step(false, false).runInto !== undefined;
  }

  attempt(
    start: StepStart,
    t: number,
    h: number,
    params: readonly Value[],
    options: AttemptOptions,
  ): Attempt {
    const { dense, residuals = false, spare } = options;
    const { method, readout, normAt, carried, programs } = this;
    this.writeScalars(t, h, options);
    const values: Value[] = new Array(carried + params.length);
    put(values, put(values, 0, start, carried), params, params.length);
    const program = programs.step(dense, residuals);
    const scalars = this.leadingScalars[4];
    if (spare) program.runInto?.(spare, values, scalars, readout);
    const made = spare ?? program.run(values, scalars, readout);
    return {
      made,
      next: dense ? made.slice(0, carried) : made,
      // without an estimate, E tells at least whether the step can be used
      error: method.estimatesError ? readout[0] : 0 * readout[normAt],
      errorFloor: Math.abs(h) * this.floorWeight * readout[normAt],
      stiffness: method.estimatesStiffness ? readout[normAt + 1] : Number.NaN,
      dense: dense ? made.slice(carried, carried + this.leaves * method.denseDegree) : nothing,
      residuals: residuals ? programs.residuals(dense) : undefined,
    };
  }

  pullback(
    { t, h, start, made, residuals }: Pick<TapeEntry, "t" | "h" | "start" | "made" | "residuals">,
    params: readonly Value[],
    tolerances: Tolerances,
    { next, within, error, stiffness }: StepCotangents,
    sum: readonly Value[],
  ): readonly Value[] {
    const { scalars, leaves, carried } = this;
    const wanted = { error: error !== 0, stiffness: stiffness !== 0, dense: within !== undefined };
    this.writeScalars(t, h, tolerances);
    scalars[4] = wanted.error ? error : stiffness;
    scalars[5] = stiffness;
    const count = 4 + (wanted.error ? 1 : 0) + (wanted.stiffness ? 1 : 0);
    const places = residuals?.places ?? nowhere;
    const extra = within ? leaves + within.dense.length : 0;
    const values: Value[] = new Array(2 * (carried + params.length) + extra + places.length);
    let place = put(values, 0, start, carried);
    place = put(values, place, params, params.length);
    if (within) place = put(values, place, within.state, leaves);
    place = put(values, place, sum, sum.length);
    place = put(values, place, next, carried);
    if (within) place = put(values, place, within.dense, within.dense.length);
    for (let i = 0; i < places.length; i++) values[place + i] = made[places[i]];
    return this.programs.pullback(wanted, residuals).run(values, this.leadingScalars[count], this.readout);
  }

  interpolate(start: StepStart, dense: readonly Value[], theta: number): Value[] {
    this.theta[0] = theta;
    const values = [...start.slice(0, this.leaves), ...dense];
    return this.programs.interpolation.run(values, this.theta, this.readout);
  }

  interpolationPullback(
    theta: number,
    cotangent: readonly Value[],
    { state, dense }: WithinCotangents,
  ): WithinCotangents {
    this.theta[0] = theta;
    // the state is linear in what it comes from, so that the place of the values may be taken by anything of their shape
    const values = [...state, ...dense, ...state, ...dense, ...cotangent];
    const gradients = this.programs.interpolationPullback.run(values, this.theta, this.readout);
    return { state: gradients.slice(0, this.leaves), dense: gradients.slice(this.leaves) };
  }

  watch(functions: readonly TracedEvent[]): { readonly value: Program; release(): void } {
    return this.programs.watch(functions);
  }

  dispose(): void {
    this.programs.dispose();
  }

  private writeScalars(t: number, h: number, { rtol, atol }: Tolerances): void {
    const { scalars } = this;
    scalars[0] = t;
    scalars[1] = h;
    scalars[2] = rtol;
    scalars[3] = atol;
  }
}

/** Puts the first so many of some values into a list, from a place on; returns the place behind them. A spread takes longer. */
function put(list: Value[], place: number, values: readonly Value[], count: number): number {
  for (let i = 0; i < count; i++) list[place + i] = values[i];
  return place + count;
}
