import type { ResidualSizes } from "../../compiler/derivatives/residuals.js";
import { zeros } from "../../compiler/nd-array.js";
import { chooseTarget, type TargetChoice } from "../../compiler/targets/choose-target.js";
import type { Precision, Program, Target, Value } from "../../compiler/targets/target.js";
import type { StartNorms } from "../ode/first-step.js";
import { residualSizes } from "../ode/residual-memory.js";
import type { Tolerances } from "../ode/step.js";
import type { Residuals } from "../ode/step-records.js";
import type { Noise } from "./noise-source.js";
import { type EstimateCotangents, SdeGraphs } from "./sde-graphs.js";
import type { SdeMethod } from "./sde-method.js";
import type { SdeSignature } from "./sde-problem.js";
import { stochasticRungeKutta } from "./stochastic-runge-kutta.js";
import type { StochasticTableau } from "./tableaux/stochastic-tableau.js";

/** Where and how the programs of a stochastic solve run. */
export interface SdeProgramOptions {
  readonly method: StochasticTableau | SdeMethod;
  /** @defaultValue "auto" */
  readonly target?: TargetChoice;
  /** @defaultValue "float64" */
  readonly precision?: Precision;
}

/** A step that may yet be rejected. */
export interface SdeAttempt {
  readonly next: readonly Value[];
  /** All values that the attempt made: the next state, and residuals if wanted. */
  readonly made: readonly Value[];
  /** Where, among these, those are that the step's pullback would compute again; there if wanted. */
  readonly residuals?: Residuals;
  /** E; for a method without an estimate 0, or NaN after overflow. */
  readonly error: number;
  readonly stiffness: number;
}

/** Where a step starts: all that its attempt and its pullback need. */
export interface SdeStep {
  readonly t: number;
  readonly h: number;
  readonly state: readonly Value[];
  readonly noise: Noise;
  /** What its pullback need not compute again, where it was kept. */
  readonly residuals?: readonly Value[];
}

/** Cotangents of what a step yields. */
export interface SdeStepCotangents {
  readonly next: readonly Value[];
  readonly error: number;
  readonly stiffness: number;
}

/** The compiled programs of one problem's drift and diffusion, for fixed shapes; compiled when first needed. */
export class SdePrograms {
  readonly target: Target;
  readonly method: SdeMethod;
  private readonly graphs: SdeGraphs;
  private readonly compiled = new Map<string, Program>();
  /** Those that run at every attempt, without and with residuals. */
  private stepProgram: Program | undefined;
  private splitProgram: Program | undefined;
  private residuals: Residuals | undefined;
  private readonly scalars = new Float64Array(4);
  private readonly readout = new Float64Array(2);
  private zeroState: readonly Value[] | undefined;
  private zeroParams: readonly Value[] | undefined;

  /** @throws RangeError when the method is not for the problem's noise, or that is not what it is said to be. */
  constructor(
    readonly signature: SdeSignature,
    { method, target = "auto", precision = "float64" }: SdeProgramOptions,
  ) {
    this.method = sdeMethodOf(method);
    checkFits(this.method, signature);
    this.graphs = new SdeGraphs(signature, this.method);
    this.graphs.checkNoise();
    this.target = chooseTarget(target, precision, this.graphs.start());
  }

  /** Drift and diffusion at the start, new values, and the norms that the automatic first step needs. One evaluation. */
  start(
    state: readonly Value[],
    params: readonly Value[],
    t: number,
    { rtol, atol }: Tolerances,
  ): { readonly slopes: Value[]; readonly norms: StartNorms } {
    const readout = new Float64Array(2);
    const program = this.program("start", () => this.graphs.start());
    const slopes = program.run([...state, ...params], Float64Array.of(t, rtol, atol), readout);
    return { slopes, norms: { state: readout[0], slope: readout[1] } };
  }

  /** Scaled norm of how drift and diffusion change over an Euler step of size h without noise. One evaluation. */
  trial(
    state: readonly Value[],
    slopes: readonly Value[],
    params: readonly Value[],
    t: number,
    h: number,
    { rtol, atol }: Tolerances,
  ): number {
    const readout = new Float64Array(1);
    const program = this.program("trial", () => this.graphs.trial());
    program.run([...state, ...slopes, ...params], Float64Array.of(t, h, rtol, atol), readout);
    return readout[0];
  }

  /** Attempts a step, with residuals if wanted; all that it makes are new values. */
  attempt(
    { t, h, state, noise }: SdeStep,
    params: readonly Value[],
    { rtol, atol }: Tolerances,
    wantsResiduals = false,
  ): SdeAttempt {
    const { scalars, readout } = this;
    scalars[0] = t;
    scalars[1] = h;
    scalars[2] = rtol;
    scalars[3] = atol;
    const program = wantsResiduals ? this.splitStep() : this.plainStep();
    const made = program.run([...state, ...noise.dW, ...noise.dZ, ...params], scalars, readout);
    const { estimatesError, estimatesStiffness } = this.method;
    return {
      made,
      next: wantsResiduals ? made.slice(0, state.length) : made,
      residuals: wantsResiduals ? this.residuals : undefined,
      error: estimatesError ? readout[0] : 0 * readout[0],
      stiffness: estimatesStiffness ? readout[1] : Number.NaN,
    };
  }

  /** Gradients for a step's start, and parameter gradients added to a running sum; step size and noise are held constant. */
  pullback(
    { t, h, state, noise, residuals }: SdeStep,
    params: readonly Value[],
    { rtol, atol }: Tolerances,
    { next, error, stiffness }: SdeStepCotangents,
    sum: readonly Value[],
  ): { readonly state: readonly Value[]; readonly params: readonly Value[] } {
    const wanted: EstimateCotangents = { error: error !== 0, stiffness: stiffness !== 0 };
    const key = `pullback ${wanted.error} ${wanted.stiffness} ${residuals !== undefined}`;
    const program = this.program(key, () =>
      residuals ? this.graphs.splitStepPullback(wanted, this.sizes) : this.graphs.stepPullback(wanted),
    );
    const scalars = [t, h, rtol, atol];
    if (wanted.error) scalars.push(error);
    if (wanted.stiffness) scalars.push(stiffness);
    const values = [...state, ...noise.dW, ...noise.dZ, ...params, ...sum, ...next, ...(residuals ?? [])];
    const gradients = program.run(values, Float64Array.from(scalars), new Float64Array(0));
    return { state: gradients.slice(0, state.length), params: gradients.slice(state.length) };
  }

  /** u a + v b of two states, new values. */
  combination(u: number, a: readonly Value[], v: number, b: readonly Value[]): Value[] {
    const program = this.program("combination", () => this.graphs.combination());
    return program.run([...a, ...b], Float64Array.of(u, v), new Float64Array(0));
  }

  /** The same numbers in new values. */
  copy(values: readonly Value[]): Value[] {
    return values.map((value) => this.target.put(this.target.get(value)));
  }

  /** Zeros of the shapes of state and parameters; they belong to the programs. */
  get zeros(): { readonly state: readonly Value[]; readonly params: readonly Value[] } {
    const { stateShapes, paramShapes } = this.signature.drift;
    this.zeroState ??= stateShapes.map((shape) => this.target.put(zeros(shape)));
    this.zeroParams ??= paramShapes.map((shape) => this.target.put(zeros(shape)));
    return { state: this.zeroState, params: this.zeroParams };
  }

  /** Gives everything back that the programs hold. */
  dispose(): void {
    for (const program of this.compiled.values()) program.dispose();
    this.compiled.clear();
    this.stepProgram = this.splitProgram = undefined;
    for (const value of [...(this.zeroState ?? []), ...(this.zeroParams ?? [])]) this.target.free(value);
    this.zeroState = undefined;
    this.zeroParams = undefined;
  }

  private plainStep(): Program {
    this.stepProgram ??= this.program("step", () => this.graphs.step());
    return this.stepProgram;
  }

  private get sizes(): ResidualSizes {
    return residualSizes[this.target.name];
  }

  private splitStep(): Program {
    const from = this.graphs.stateNames.length;
    this.residuals ??= { dense: false, places: this.graphs.residualPlaces(this.sizes), from };
    this.splitProgram ??= this.program("split step", () => this.graphs.splitStep(this.sizes));
    return this.splitProgram;
  }

  private program(key: string, graph: () => ReturnType<SdeGraphs["step"]>): Program {
    const known = this.compiled.get(key) ?? this.target.compile(graph());
    this.compiled.set(key, known);
    return known;
  }
}

/** A method as the solver sees it. */
export function sdeMethodOf(method: StochasticTableau | SdeMethod): SdeMethod {
  return "step" in method ? method : stochasticRungeKutta(method);
}

function checkFits({ name, noise }: SdeMethod, signature: SdeSignature): void {
  if (noise === "diagonal" || signature.noise === "additive") return;
  throw new RangeError(
    `solveSde: the method ${name} is for additive noise; use one for diagonal noise, such as sosri, or state the problem ` +
      'with noise: "additive" if its diffusion does not depend on the state',
  );
}
