import type { Graph } from "../../compiler/graph/graph.js";
import { SharedCache } from "../../compiler/targets/shared-cache.js";
import type { Program, Target, Value } from "../../compiler/targets/target.js";
import type { TracedEvent } from "./event.js";
import type { OneStepMethod } from "./method.js";
import { numberOf } from "./object-numbers.js";
import type { OdeGraphs, OptionalCotangents } from "./ode-graphs.js";
import type { StepResiduals, TapeEntry } from "./step-records.js";

/** Relative and absolute tolerance. */
export interface Tolerances {
  readonly rtol: number;
  readonly atol: number;
}

/** How a step is attempted. */
export interface AttemptOptions extends Tolerances {
  /** Whether dense output is wanted. */
  readonly dense: boolean;
  /** Whether what the step's pullback would compute again is wanted. @defaultValue false */
  readonly residuals?: boolean;
}

/** The state a step starts from. `slope` is the first stage where it is carried over, else empty. */
export interface StepState {
  readonly state: readonly Value[];
  readonly slope: readonly Value[];
}

/** A step that may yet be rejected. */
export interface Attempt {
  readonly next: StepState;
  /** E; for a method without an estimate 0, or NaN after overflow. */
  readonly error: number;
  readonly errorFloor: number;
  readonly stiffness: number;
  /** Coefficients of dense output, power by power, leaf by leaf; none if not wanted. */
  readonly dense: readonly Value[];
  /** There if wanted. */
  readonly residuals?: StepResiduals;
  /** All values that the attempt made. */
  readonly made: readonly Value[];
}

/** Cotangents of what a step yields. */
export interface StepCotangents {
  readonly next: StepState;
  /** Those of states within the step, if there are any. */
  readonly within?: WithinCotangents;
  readonly error: number;
  readonly stiffness: number;
}

/** Cotangents of states within a step, as they fall on its start and on the coefficients of dense output. */
export interface WithinCotangents {
  readonly state: readonly Value[];
  readonly dense: readonly Value[];
}

/** One way to advance a solution, with its derivative: all that the loop and the adjoint know of a method. */
export interface Step {
  readonly method: OneStepMethod;
  attempt(start: StepState, t: number, h: number, params: readonly Value[], options: AttemptOptions): Attempt;
  /** Gradients for the step's start, and parameter gradients added to a running sum `sum`; h is held constant. */
  pullback(
    entry: Pick<TapeEntry, "t" | "h" | "state" | "slope" | "residuals">,
    params: readonly Value[],
    tolerances: Tolerances,
    cotangents: StepCotangents,
    sum: readonly Value[],
  ): { readonly start: StepState; readonly params: readonly Value[] };
  /** The state at a fraction of a step, new values, from the step's start and coefficients of dense output. */
  interpolate(state: readonly Value[], dense: readonly Value[], theta: number): Value[];
  /** Adds the pullback of the state at a fraction of a step to the cotangents of what it came from; returns new sums. */
  interpolationPullback(theta: number, cotangent: readonly Value[], sums: WithinCotangents): WithinCotangents;
  /** The program that tells what events watch at a fraction of a step, in use until released. */
  watch(events: readonly TracedEvent[]): { readonly value: Program; release(): void };
  dispose(): void;
}

/** How many sets of events are kept compiled for the next solve. */
const cachedEvents = 4;

/** Unit roundoff of each precision: half the distance from 1 to the next number. */
const unitRoundoff = { float32: 2 ** -24, float64: 2 ** -53 };

const nothing: readonly Value[] = [];

/** Tells combinations of choices apart. */
function bits(...choices: readonly boolean[]): number {
  let number = 0;
  for (const choice of choices) number = 2 * number + (choice ? 1 : 0);
  return number;
}

/** A method's step on a target. Programs are compiled at first use. */
export function compiledStep(graphs: OdeGraphs, target: Target): Step {
  const { method } = graphs;
  const leaves = graphs.stateNames.length;
  // the error estimate h sum_i e_i k_i inherits from each stage a rounding error of about the unit roundoff times |k|;
  // independent errors add in squares, which leaves h |k| times the roundoff times the norm of the weights
  const floorWeight = unitRoundoff[target.precision] * method.errorWeightNorm;
  const readout = new Float64Array(3);
  const errorAt = 0;
  const normAt = method.estimatesError ? 1 : 0;
  const scalars = new Float64Array(6); // t, h, rtol, atol, and the cotangents of E and S as far as wanted
  const leadingScalars = [0, 1, 2, 3, 4, 5, 6].map((count) => scalars.subarray(0, count));
  const writeScalars = (t: number, h: number, { rtol, atol }: Tolerances): void => {
    scalars[0] = t;
    scalars[1] = h;
    scalars[2] = rtol;
    scalars[3] = atol;
  };
  const forwards: (Program | undefined)[] = [];
  const pullbacks: (Program | undefined)[] = [];
  const forwardProgram = (dense: boolean, residuals: boolean): Program => {
    const key = bits(dense, residuals);
    forwards[key] ??= target.compile(residuals ? graphs.splitStep({ dense }) : graphs.step({ dense }));
    return forwards[key];
  };
  const places: (readonly number[] | undefined)[] = [];
  const residualPlaces = (dense: boolean): readonly number[] => {
    const key = bits(dense);
    places[key] ??= graphs.residualPlaces({ dense });
    return places[key];
  };
  const programs = new Map<string, Program>();
  const events = new SharedCache<Program>(cachedEvents);
  const program = (key: string, graph: () => Graph): Program => {
    const known = programs.get(key) ?? target.compile(graph());
    programs.set(key, known);
    return known;
  };
  const pullbackProgram = (wanted: OptionalCotangents, residuals: StepResiduals | undefined): Program => {
    const { error, stiffness, dense } = wanted;
    const key = bits(error, stiffness, dense, residuals !== undefined, residuals?.dense ?? false);
    pullbacks[key] ??= target.compile(
      residuals ? graphs.splitStepPullback(wanted, residuals) : graphs.stepPullback(wanted),
    );
    return pullbacks[key];
  };
  const split = (values: readonly Value[]): StepState => ({
    state: values.slice(0, leaves),
    slope: method.carriesSlope ? values.slice(leaves, 2 * leaves) : [],
  });
  return {
    method,
    attempt: ({ state, slope }, t, h, params, options) => {
      const { dense, residuals = false } = options;
      writeScalars(t, h, options);
      const values = [...state, ...slope, ...params];
      const results = forwardProgram(dense, residuals).run(values, leadingScalars[4], readout);
      const next = split(results);
      const denseAt = next.state.length + next.slope.length;
      const residualsAt = denseAt + (dense ? graphs.denseNames.length : 0);
      const kept = (): StepResiduals => ({
        dense,
        values: residualPlaces(dense).map((place) => results[place]),
        added: results.slice(residualsAt),
      });
      return {
        next,
        made: results,
        dense: dense ? results.slice(denseAt, residualsAt) : nothing,
        residuals: residuals ? kept() : undefined,
        // without an estimate, E tells at least whether the step can be used
        error: method.estimatesError ? readout[errorAt] : 0 * readout[normAt],
        errorFloor: Math.abs(h) * floorWeight * readout[normAt],
        stiffness: method.estimatesStiffness ? readout[normAt + 1] : Number.NaN,
      };
    },
    pullback: ({ t, h, state, slope, residuals }, params, tolerances, cotangents, sum) => {
      const { next, within, error, stiffness } = cotangents;
      const wanted = { error: error !== 0, stiffness: stiffness !== 0, dense: within !== undefined };
      writeScalars(t, h, tolerances);
      scalars[4] = wanted.error ? error : stiffness;
      scalars[5] = stiffness;
      const values = [...state, ...slope, ...params];
      if (within) values.push(...within.state);
      values.push(...sum, ...next.state, ...next.slope);
      if (within) values.push(...within.dense);
      if (residuals) values.push(...residuals.values);
      const count = 4 + (wanted.error ? 1 : 0) + (wanted.stiffness ? 1 : 0);
      const gradients = pullbackProgram(wanted, residuals).run(values, leadingScalars[count], readout);
      const start = split(gradients);
      return { start, params: gradients.slice(start.state.length + start.slope.length) };
    },
    interpolate: (state, dense, theta) =>
      program("interpolation", () => graphs.interpolation()).run(
        [...state, ...dense],
        Float64Array.of(theta),
        readout,
      ),
    interpolationPullback: (theta, cotangent, { state, dense }) => {
      // the state is linear in what it comes from, so that the place of the values may be taken by anything of their shape
      const gradients = program("interpolation pullback", () => graphs.interpolationPullback()).run(
        [...state, ...dense, ...state, ...dense, ...cotangent],
        Float64Array.of(theta),
        readout,
      );
      return { state: gradients.slice(0, leaves), dense: gradients.slice(leaves) };
    },
    watch: (functions) =>
      events.acquire(functions.map(numberOf).join(), () => target.compile(graphs.events(functions))),
    dispose: () => {
      for (const compiled of [...programs.values(), ...forwards, ...pullbacks]) compiled?.dispose();
      forwards.length = pullbacks.length = 0;
      programs.clear();
      events.clear();
    },
  };
}
