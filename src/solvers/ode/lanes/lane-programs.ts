import { type NdArray, ndArray, zeros } from "../../../compiler/nd-array.js";
import { chooseTarget } from "../../../compiler/targets/choose-target.js";
import type { Program, Target, Value } from "../../../compiler/targets/target.js";
import { methodsOf } from "../auto-switch.js";
import type { OneStepMethod } from "../method.js";
import { OdeGraphs, type OptionalCotangents } from "../ode-graphs.js";
import type { FieldSignature } from "../ode-problem.js";
import type { ProgramOptions } from "../ode-programs.js";
import type { Tolerances } from "../step.js";
import { LaneGraphs } from "./lane-graphs.js";

/** A number for each lane. */
export type PerLane = Float64Array;

/** States of all lanes, and their slopes where the method carries them. */
export interface LaneStates {
  readonly state: readonly Value[];
  readonly slope: readonly Value[];
}

/** Steps of all lanes that may yet be rejected. */
export interface LaneAttempt {
  readonly next: LaneStates;
  readonly dense: readonly Value[];
  /** E of each lane. */
  readonly error: PerLane;
  readonly errorFloor: PerLane;
  readonly stiffness: PerLane;
  /** All values that the attempt made. */
  readonly made: readonly Value[];
}

/** Steps of some of the lanes, as they are pulled back. */
export interface TakenSteps extends LaneStates {
  readonly t: PerLane;
  /** 0 for lanes that took none. */
  readonly h: PerLane;
}

/** Cotangents of what steps yield, lane by lane. */
export interface LaneCotangents {
  readonly next: LaneStates;
  /** Those of states within the steps, as they fall on their starts and coefficients. */
  readonly within?: { readonly state: readonly Value[]; readonly dense: readonly Value[] };
  readonly error?: PerLane;
  readonly stiffness?: PerLane;
}

const noNumbers = new Float64Array(0);

/** The compiled programs of one vector field for a fixed number of lanes; compiled when first needed. */
export class LanePrograms {
  readonly method: OneStepMethod;
  readonly target: Target;
  private readonly sample: OdeGraphs;
  private readonly graphs: LaneGraphs;
  private readonly floorWeight: number;
  private readonly compiled = new Map<string, Program>();

  /** @param signature that of one sample */
  constructor(
    signature: FieldSignature,
    readonly lanes: number,
    { method, target = "auto", precision = "float64" }: ProgramOptions,
  ) {
    [this.method] = methodsOf(method);
    this.sample = new OdeGraphs(signature, this.method);
    this.graphs = new LaneGraphs(this.sample, lanes);
    this.target = chooseTarget(target, precision, this.graphs.step({ dense: false }));
    const roundoff = precision === "float32" ? 2 ** -24 : 2 ** -53;
    this.floorWeight = roundoff * this.method.errorWeightNorm;
  }

  slope(state: readonly Value[], params: readonly Value[], t: PerLane): Value[] {
    return this.run("slope", () => this.graphs.slope(), [...state, ...params], [t]);
  }

  /** Slopes, and the norms from which first steps follow. */
  start(state: readonly Value[], params: readonly Value[], t: PerLane, tolerances: Tolerances) {
    const results = this.run("start", () => this.graphs.start(), [...state, ...params], [t], tolerances);
    const [stateNorm, slopeNorm] = results.splice(state.length).map((value) => this.take(value));
    return { slope: results, stateNorm, slopeNorm };
  }

  /** Scaled norms of the slopes' changes over Euler steps. */
  trial(
    { state, slope }: LaneStates,
    params: readonly Value[],
    t: PerLane,
    h: PerLane,
    tolerances: Tolerances,
  ) {
    const values = [...state, ...slope, ...params];
    const [norm] = this.run("trial", () => this.graphs.trial(), values, [t, h], tolerances);
    return this.take(norm);
  }

  attempt(
    { state, slope }: LaneStates,
    params: readonly Value[],
    t: PerLane,
    h: PerLane,
    { dense, ...tolerances }: Tolerances & { readonly dense: boolean },
  ): LaneAttempt {
    const { carriesSlope, estimatesError, estimatesStiffness } = this.method;
    const graph = () => this.graphs.step({ dense });
    const made = this.run(`step ${dense}`, graph, [...state, ...slope, ...params], [t, h], tolerances);
    const readouts = made
      .splice((carriesSlope ? 2 : 1) * state.length + (dense ? this.sample.denseNames.length : 0))
      .map((value) => this.take(value));
    const error = estimatesError ? (readouts.shift() as PerLane) : undefined;
    const norm = readouts.shift() as PerLane;
    return {
      ...this.parted(made),
      made,
      // without an estimate, E tells at least whether the step can be used
      error: error ?? norm.map((value) => 0 * value),
      errorFloor: norm.map((value, lane) => Math.abs(h[lane]) * this.floorWeight * value),
      stiffness: estimatesStiffness ? (readouts.shift() as PerLane) : norm.map(() => Number.NaN),
    };
  }

  /** The states of the chosen lanes, and other states for the others. */
  choose(chosen: PerLane, states: readonly Value[], others: readonly Value[]): Value[] {
    const mask = this.target.put(ndArray([this.lanes], chosen));
    try {
      return this.program("choice", () => this.graphs.choice()).run(
        [mask, ...states, ...others],
        noNumbers,
        noNumbers,
      );
    } finally {
      this.target.free(mask);
    }
  }

  sum(a: readonly Value[], b: readonly Value[]): Value[] {
    return this.program("sum", () => this.graphs.sum()).run([...a, ...b], noNumbers, noNumbers);
  }

  interpolate(state: readonly Value[], dense: readonly Value[], theta: PerLane): Value[] {
    return this.run("interpolation", () => this.graphs.interpolation(), [...state, ...dense], [theta]);
  }

  /** Adds the pullback of states within steps to cotangents of what they come from; returns new sums. */
  interpolationPullback(
    theta: PerLane,
    cotangent: readonly Value[],
    { state, dense }: { readonly state: readonly Value[]; readonly dense: readonly Value[] },
  ): { readonly state: readonly Value[]; readonly dense: readonly Value[] } {
    // states are linear in what they come from, so that the place of the values may be taken by anything of their shape
    const values = [...state, ...dense];
    const graph = () => this.graphs.interpolationPullback();
    const gradients = this.run("interpolation pullback", graph, values, [theta], undefined, [
      ...values,
      ...cotangent,
    ]);
    return { state: gradients.slice(0, state.length), dense: gradients.slice(state.length) };
  }

  /** Gradients for the steps' starts, and parameter gradients added to a running sum. */
  pullback(
    { t, h, state, slope }: TakenSteps,
    params: readonly Value[],
    tolerances: Tolerances,
    { next, within, error, stiffness }: LaneCotangents,
    sum: readonly Value[],
  ): { readonly start: LaneStates; readonly params: readonly Value[] } {
    const wanted: OptionalCotangents = {
      error: error !== undefined,
      stiffness: stiffness !== undefined,
      dense: within !== undefined,
    };
    const numbers = [error, stiffness].flatMap((each) => (each ? [this.put(each)] : []));
    try {
      const gradients = this.run(
        `pullback ${Object.values(wanted)}`,
        () => this.graphs.stepPullback(wanted),
        [...state, ...slope, ...params],
        [t, h],
        tolerances,
        [
          ...(within?.state ?? []),
          ...sum,
          ...next.state,
          ...next.slope,
          ...(within?.dense ?? []),
          ...numbers,
        ],
      );
      const { next: start } = this.parted(gradients);
      return { start, params: gradients.slice(start.state.length + start.slope.length) };
    } finally {
      for (const value of numbers) this.target.free(value);
    }
  }

  slopePullback(
    state: readonly Value[],
    params: readonly Value[],
    t: PerLane,
    cotangent: readonly Value[],
    sums: { readonly state: readonly Value[]; readonly params: readonly Value[] },
  ): { readonly state: readonly Value[]; readonly params: readonly Value[] } {
    const graph = () => this.graphs.slopePullback();
    const behind = [...sums.state, ...sums.params, ...cotangent];
    const gradients = this.run("slope pullback", graph, [...state, ...params], [t], undefined, behind);
    return { state: gradients.slice(0, state.length), params: gradients.slice(state.length) };
  }

  /** Zeros of the shapes of all lanes' states, new values. */
  zeroStates(): Value[] {
    const { stateShapes } = this.sample.signature;
    return stateShapes.map((shape) => this.target.put(zeros([this.lanes, ...shape])));
  }

  /** Zeros of the shapes of the parameters, new values. */
  zeroParams(): Value[] {
    return this.sample.signature.paramShapes.map((shape) => this.target.put(zeros(shape)));
  }

  /** Gives everything back that the programs hold. */
  dispose(): void {
    for (const program of this.compiled.values()) program.dispose();
    this.compiled.clear();
  }

  /** The results of a step or a pullback, by what they are. */
  private parted(values: readonly Value[]) {
    const leaves = this.sample.stateNames.length;
    const slopes = this.method.carriesSlope ? leaves : 0;
    const next: LaneStates = { state: values.slice(0, leaves), slope: values.slice(leaves, leaves + slopes) };
    return { next, dense: values.slice(leaves + slopes) };
  }

  /** Runs a program on values, numbers of each lane, and more values behind them. */
  private run(
    name: string,
    graph: () => ReturnType<LaneGraphs["slope"]>,
    values: readonly Value[],
    numbers: readonly PerLane[],
    tolerances?: Tolerances,
    behind: readonly Value[] = [],
  ): Value[] {
    const placed = numbers.map((each) => this.put(each));
    const scalars = tolerances ? Float64Array.of(tolerances.rtol, tolerances.atol) : noNumbers;
    try {
      return this.program(name, graph).run([...values, ...placed, ...behind], scalars, noNumbers);
    } finally {
      for (const value of placed) this.target.free(value);
    }
  }

  private program(name: string, graph: () => ReturnType<LaneGraphs["slope"]>): Program {
    const known = this.compiled.get(name) ?? this.target.compile(graph());
    this.compiled.set(name, known);
    return known;
  }

  private put(numbers: PerLane): Value {
    return this.target.put(ndArray([this.lanes], numbers));
  }

  /** The numbers of a value, which is freed. */
  private take(value: Value): PerLane {
    const { data }: NdArray = this.target.get(value);
    this.target.free(value);
    return Float64Array.from(data);
  }
}
