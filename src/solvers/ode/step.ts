import type { Program, Target, Value } from "../../compiler/targets/target.js";
import type { Tableau } from "../tableaux/tableau.js";
import type { HeuristicCotangents, OdeGraphs } from "./ode-graphs.js";
import type { TapeEntry } from "./step-records.js";

/** Relative and absolute tolerance. */
export interface Tolerances {
  readonly rtol: number;
  readonly atol: number;
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
}

/** Cotangents of what a step yields. */
export interface StepCotangents {
  readonly next: StepState;
  readonly error: number;
  readonly stiffness: number;
}

/** One way to advance a solution, with its derivative: all that the loop and the adjoint know of a method. */
export interface Step {
  readonly order: number;
  readonly errorOrder: number;
  /** Whether the method estimates its error: without, only prescribed steps can be taken. */
  readonly adaptive: boolean;
  /** Whether the first stage is carried over from the step before. */
  readonly carriesSlope: boolean;
  /** Field evaluations per attempt. */
  readonly evaluations: number;
  attempt(start: StepState, t: number, h: number, params: readonly Value[], tolerances: Tolerances): Attempt;
  /** Gradients for the step's start, and parameter gradients added to a running sum; h is held constant. */
  pullback(
    entry: TapeEntry,
    params: readonly Value[],
    tolerances: Tolerances,
    cotangents: StepCotangents,
    sum: readonly Value[],
  ): { readonly start: StepState; readonly params: readonly Value[] };
  dispose(): void;
}

/** Unit roundoff of each precision: half the distance from 1 to the next number. */
const unitRoundoff = { float32: 2 ** -24, float64: 2 ** -53 };

/** An explicit Runge–Kutta step on a target. Programs are compiled at first use. */
export function explicitStep(graphs: OdeGraphs, target: Target): Step {
  const { tableau } = graphs;
  const leaves = graphs.stateNames.length;
  const floorWeight = unitRoundoff[target.precision] * weightNorm(tableau);
  const readout = new Float64Array(3);
  const errorAt = 0;
  const normAt = tableau.errorWeights ? 1 : 0;
  const programs = new Map<string, Program>();
  const program = (key: string, graph: () => ReturnType<OdeGraphs["step"]>): Program => {
    const known = programs.get(key) ?? target.compile(graph());
    programs.set(key, known);
    return known;
  };
  const pullbackProgram = (heuristics: HeuristicCotangents): Program =>
    program(`pullback ${heuristics.error} ${heuristics.stiffness}`, () => graphs.stepPullback(heuristics));
  const split = (values: readonly Value[]): StepState => ({
    state: values.slice(0, leaves),
    slope: tableau.fsal ? values.slice(leaves, 2 * leaves) : [],
  });
  return {
    order: tableau.order,
    errorOrder: tableau.errorOrder,
    adaptive: tableau.errorWeights !== undefined,
    carriesSlope: tableau.fsal,
    evaluations: tableau.stages - (tableau.fsal ? 1 : 0),
    attempt: ({ state, slope }, t, h, params, { rtol, atol }) => {
      const run = program("step", () => graphs.step()).run;
      const next = run([...state, ...slope, ...params], Float64Array.of(t, h, rtol, atol), readout);
      return {
        next: split(next),
        // without an estimate, E tells at least whether the step can be used
        error: tableau.errorWeights ? readout[errorAt] : 0 * readout[normAt],
        errorFloor: Math.abs(h) * floorWeight * readout[normAt],
        stiffness: tableau.stiffnessPair ? readout[normAt + 1] : Number.NaN,
      };
    },
    pullback: ({ t, h, state, slope }, params, { rtol, atol }, { next, error, stiffness }, sum) => {
      const heuristics = { error: error !== 0, stiffness: stiffness !== 0 };
      const cotangents = [...(heuristics.error ? [error] : []), ...(heuristics.stiffness ? [stiffness] : [])];
      const gradients = pullbackProgram(heuristics).run(
        [...state, ...slope, ...params, ...sum, ...next.state, ...next.slope],
        Float64Array.of(t, h, rtol, atol, ...cotangents),
        readout,
      );
      const start = split(gradients);
      return { start, params: gradients.slice(start.state.length + start.slope.length) };
    },
    dispose: () => {
      for (const compiled of programs.values()) compiled.dispose();
      programs.clear();
    },
  };
}

/**
 * The error estimate h sum_i e_i k_i inherits from each stage a rounding error of about the unit roundoff times |k|;
 * independent errors add in squares, which leaves h |k| times the roundoff times this.
 */
function weightNorm({ errorWeights = [] }: Tableau): number {
  return Math.sqrt(errorWeights.reduce((sum, weight) => sum + weight * weight, 0));
}
