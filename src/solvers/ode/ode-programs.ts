import { zeros } from "../../compiler/nd-array.js";
import { chooseTarget, type TargetChoice } from "../../compiler/targets/choose-target.js";
import type { Precision, Program, Target, Value } from "../../compiler/targets/target.js";
import type { Tableau } from "../tableaux/tableau.js";
import type { StartNorms } from "./first-step.js";
import type { OneStepMethod } from "./method.js";
import { OdeGraphs } from "./ode-graphs.js";
import type { FieldSignature } from "./ode-problem.js";
import { explicitMethod } from "./runge-kutta.js";
import { compiledStep, type Step, type Tolerances, type WithinCotangents } from "./step.js";

/** Where and how the programs of a solve run. */
export interface ProgramOptions {
  readonly method: Tableau | OneStepMethod;
  /** @defaultValue "auto" */
  readonly target?: TargetChoice;
  /** @defaultValue "float64" */
  readonly precision?: Precision;
}

/** Zeros of the shapes of state and parameters. */
interface ZeroValues {
  readonly state: readonly Value[];
  readonly params: readonly Value[];
}

/** Graphs that are compiled as they are. */
type ProgramName =
  | "slope"
  | "start"
  | "trial"
  | "slopePullback"
  | "interpolation"
  | "interpolationPullback"
  | "sum";

/** The compiled programs of one vector field, for fixed shapes; compiled when first needed. */
export class OdePrograms {
  readonly target: Target;
  readonly step: Step;
  private readonly graphs: OdeGraphs;
  private readonly compiled = new Map<string, Program>();
  private zeroValues: ZeroValues | undefined;

  constructor(
    readonly signature: FieldSignature,
    { method, target = "auto", precision = "float64" }: ProgramOptions,
  ) {
    this.graphs = new OdeGraphs(signature, "step" in method ? method : explicitMethod(method));
    // a method that solves linear systems needs a target that does, which its step shows
    const { graphs } = this;
    const shown = graphs.method.jacobians > 0 ? graphs.step({ dense: false }) : graphs.slope();
    this.target = chooseTarget(target, precision, shown);
    this.step = compiledStep(this.graphs, this.target);
  }

  /** The slope at a state, new values. One evaluation. */
  slope(state: readonly Value[], params: readonly Value[], t: number): Value[] {
    return this.program("slope").run([...state, ...params], Float64Array.of(t), new Float64Array(0));
  }

  /** The slope at the start, new values, and the norms that the automatic first step needs. One evaluation. */
  start(
    state: readonly Value[],
    params: readonly Value[],
    t: number,
    { rtol, atol }: Tolerances,
  ): { readonly slope: Value[]; readonly norms: StartNorms } {
    const readout = new Float64Array(2);
    const slope = this.program("start").run([...state, ...params], Float64Array.of(t, rtol, atol), readout);
    return { slope, norms: { state: readout[0], slope: readout[1] } };
  }

  /** Scaled norm of the slope's change over an Euler step of size h. One evaluation. */
  trial(
    state: readonly Value[],
    slope: readonly Value[],
    params: readonly Value[],
    t: number,
    h: number,
    { rtol, atol }: Tolerances,
  ): number {
    const readout = new Float64Array(1);
    this.program("trial").run([...state, ...slope, ...params], Float64Array.of(t, h, rtol, atol), readout);
    return readout[0];
  }

  /** Adds the pullback of the slope at a state to gradients of state and parameters; returns the new sums. */
  slopePullback(
    state: readonly Value[],
    params: readonly Value[],
    t: number,
    cotangent: readonly Value[],
    sums: { readonly state: readonly Value[]; readonly params: readonly Value[] },
  ): { readonly state: Value[]; readonly params: Value[] } {
    const gradients = this.program("slopePullback").run(
      [...state, ...params, ...sums.state, ...sums.params, ...cotangent],
      Float64Array.of(t),
      new Float64Array(0),
    );
    return { state: gradients.slice(0, state.length), params: gradients.slice(state.length) };
  }

  /** The state at a fraction of a step, new values, from the step's start and coefficients of dense output. */
  interpolate(state: readonly Value[], dense: readonly Value[], theta: number): Value[] {
    return this.program("interpolation").run(
      [...state, ...dense],
      Float64Array.of(theta),
      new Float64Array(0),
    );
  }

  /** Adds the pullback of the state at a fraction of a step to the cotangents of what it came from; returns new sums. */
  interpolationPullback(
    theta: number,
    cotangent: readonly Value[],
    sums: WithinCotangents,
  ): WithinCotangents {
    const { state, dense } = sums;
    // the state is linear in what it comes from, so that the place of the values may be taken by anything of their shape
    const gradients = this.program("interpolationPullback").run(
      [...state, ...dense, ...state, ...dense, ...cotangent],
      Float64Array.of(theta),
      new Float64Array(0),
    );
    return { state: gradients.slice(0, state.length), dense: gradients.slice(state.length) };
  }

  /** The sum of two states, new values. */
  sum(a: readonly Value[], b: readonly Value[]): Value[] {
    return this.program("sum").run([...a, ...b], new Float64Array(0), new Float64Array(0));
  }

  /** The same numbers in new values. */
  copy(values: readonly Value[]): Value[] {
    return values.map((value) => this.target.put(this.target.get(value)));
  }

  /** Zeros of the shapes of state and parameters; they belong to the programs. */
  get zeros(): ZeroValues {
    this.zeroValues ??= {
      state: this.signature.stateShapes.map((shape) => this.target.put(zeros(shape))),
      params: this.signature.paramShapes.map((shape) => this.target.put(zeros(shape))),
    };
    return this.zeroValues;
  }

  /** Zeros of the shapes of the coefficients of dense output; they belong to the programs. */
  get zeroDense(): readonly Value[] {
    const { state } = this.zeros;
    return this.graphs.denseNames.map((_, i) => state[i % state.length]);
  }

  /** Gives everything back that the programs hold. */
  dispose(): void {
    this.step.dispose();
    for (const program of this.compiled.values()) program.dispose();
    this.compiled.clear();
    for (const value of Object.values(this.zeroValues ?? {}).flat()) this.target.free(value);
    this.zeroValues = undefined;
  }

  private program(name: ProgramName): Program {
    const known = this.compiled.get(name) ?? this.target.compile(this.graphs[name]());
    this.compiled.set(name, known);
    return known;
  }
}
