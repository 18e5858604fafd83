import { zeros } from "../../compiler/nd-array.js";
import { chooseTarget, type TargetChoice } from "../../compiler/targets/choose-target.js";
import type { Precision, Program, Target, Value } from "../../compiler/targets/target.js";
import { isSwitching, methodsOf, type SolverMethod } from "./auto-switch.js";
import { CompiledStep } from "./compiled-step.js";
import type { StartNorms } from "./first-step.js";
import { OdeGraphs } from "./ode-graphs.js";
import type { FieldSignature } from "./ode-problem.js";
import type { Step, Tolerances } from "./step.js";
import { type StiffnessRule, StiffnessWatch, type Switching, stiffnessRule } from "./stiffness-watch.js";

/** Where and how the programs of a solve run. */
export interface ProgramOptions {
  readonly method: SolverMethod;
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
type ProgramName = "slope" | "start" | "trial" | "slopePullback" | "sum";

/** The compiled programs of one vector field, for fixed shapes; compiled when first needed. */
export class OdePrograms {
  readonly target: Target;
  /** The step of the method, and of the one a solve starts with where there are two. */
  readonly step: Step;
  private readonly graphs: OdeGraphs;
  private readonly rule: StiffnessRule;
  private readonly switching?: Switching;
  private readonly compiled = new Map<string, Program>();
  private zeroValues: ZeroValues | undefined;

  constructor(
    readonly signature: FieldSignature,
    { method, target = "auto", precision = "float64" }: ProgramOptions,
  ) {
    const [graphs, stiffGraphs] = methodsOf(method).map((each) => new OdeGraphs(signature, each));
    this.graphs = graphs;
    // a method that solves linear systems needs a target that does, which its step shows
    const linear = [graphs, stiffGraphs].find((each) => each && each.method.jacobians > 0);
    const shown = linear ? linear.step({ dense: false }) : graphs.slope();
    this.target = chooseTarget(target, precision, shown);
    this.step = new CompiledStep(graphs, this.target);
    this.rule = isSwitching(method) ? method.rule : stiffnessRule;
    if (isSwitching(method)) {
      const stiffStep = new CompiledStep(stiffGraphs, this.target);
      this.switching = { stiffStep, stepFactor: method.rule.stepFactor };
    }
  }

  /** Says which method takes each step of a new solve. */
  watchStiffness(): StiffnessWatch {
    return new StiffnessWatch(this.step, this.rule, this.switching);
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

  /** Zeros of the shapes of the coefficients of a step's dense output; they belong to the programs. */
  zeroDense({ method }: Step): readonly Value[] {
    const { state } = this.zeros;
    return Array.from({ length: method.denseDegree }, () => state).flat();
  }

  /** Gives everything back that the programs hold. */
  dispose(): void {
    this.step.dispose();
    this.switching?.stiffStep.dispose();
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
