import * as tf from "@tensorflow/tfjs-core";
import { type ResidualSizes, type ResidualVjp, residualVjp } from "../../compiler/derivatives/residuals.js";
import { type VjpOptions, vjp } from "../../compiler/derivatives/vjp.js";
import type { Graph } from "../../compiler/graph/graph.js";
import type { NdArray } from "../../compiler/nd-array.js";
import type { Shape } from "../../compiler/shape.js";
import { type NamedTensors, trace } from "../../compiler/trace/trace.js";
import { buildTree, type TreeStructure } from "../../compiler/tree.js";
import { interpolated } from "./dense-output.js";
import { eventValue, type TracedEvent } from "./event.js";
import type { OneStepMethod } from "./method.js";
import { evaluateField, type FieldSignature } from "./ode-problem.js";
import { type ErrorWeights, errorNorm } from "./scaled-norm.js";

/** Which residuals are kept of which step. */
export interface KeptResiduals {
  /** Whether the step computes dense output. */
  readonly dense: boolean;
  readonly sizes: ResidualSizes;
}

/** Which cotangents besides that of the next state a step's pullback takes. */
export interface OptionalCotangents {
  readonly error: boolean;
  readonly stiffness: boolean;
  /** Those of the coefficients of dense output; gradients for the state are then added to a running sum too. */
  readonly dense: boolean;
}

/** Names of a tree's leaves as inputs and outputs of graphs: `state`, `state.position`, .... */
const leafNames = (role: string, { paths }: TreeStructure): string[] =>
  paths.map((path) => (path ? `${role}.${path}` : role));

/** The graphs of which a solve is made, whatever its method. */
export class OdeGraphs {
  readonly stateNames: readonly string[];
  readonly slopeNames: readonly string[];
  readonly paramNames: readonly string[];
  /** Coefficients of dense output, power by power, leaf by leaf. */
  readonly denseNames: readonly string[];
  readonly nextNames: readonly string[];
  private readonly lastSlopeNames: readonly string[];
  private readonly shapes: Readonly<Record<string, Shape>>;
  private readonly splits = new Map<string, ResidualVjp>();

  constructor(
    readonly signature: FieldSignature,
    readonly method: OneStepMethod,
  ) {
    const { state, params, stateShapes, paramShapes } = signature;
    this.stateNames = leafNames("state", state);
    this.slopeNames = leafNames("slope", state);
    this.paramNames = leafNames("params", params);
    this.nextNames = leafNames("next", state);
    this.lastSlopeNames = leafNames("lastSlope", state);
    const powers = Array.from({ length: method.denseDegree }, (_, i) => i + 1);
    this.denseNames = powers.flatMap((power) => leafNames(`dense${power}`, state));
    const leaves = this.stateNames.length;
    this.shapes = Object.fromEntries([
      ...[this.stateNames, this.slopeNames, this.denseNames].flatMap((names) =>
        names.map((name, i) => [name, stateShapes[i % leaves]] as const),
      ),
      ...this.paramNames.map((name, i) => [name, paramShapes[i]] as const),
    ]);
  }

  /** state, params; t -> slope: one evaluation of the field. */
  slope(): Graph {
    return trace(this.reads([...this.stateNames, ...this.paramNames], ["t"]), (read) => ({
      outputs: named(this.slopeNames, this.evaluate(read, read.t, pick(read, this.stateNames))),
    }));
  }

  /** state, params; t, rtol, atol -> slope; scaled norms of state and slope: where a solve starts. */
  start(): Graph {
    return trace(this.reads([...this.stateNames, ...this.paramNames], ["t", "rtol", "atol"]), (read) => {
      const y = pick(read, this.stateNames);
      const slope = this.evaluate(read, read.t, y);
      const norm = errorNorm(this.errorWeights(read), y);
      return {
        outputs: named(this.slopeNames, slope),
        readouts: { stateNorm: norm(y), slopeNorm: norm(slope) },
      };
    });
  }

  /** state, slope, params; t, h, rtol, atol -> scaled norm of the slope's change over an Euler step of size h. */
  trial(): Graph {
    return trace(this.stepReads(this.slopeNames), (read) => {
      const y = pick(read, this.stateNames);
      const slope = pick(read, this.slopeNames);
      const ahead = y.map((leaf, i) => tf.add(leaf, tf.mul(slope[i], read.h)));
      const aheadSlope = this.evaluate(read, tf.add(read.t, read.h), ahead);
      const change = aheadSlope.map((leaf, i) => tf.sub(leaf, slope[i]));
      return { readouts: { changeNorm: errorNorm(this.errorWeights(read), y)(change) } };
    });
  }

  /**
   * state, slope if carried, params; t, h, rtol, atol -> next state, last slope if carried, coefficients of dense output if
   * wanted; error, slope norm, stiffness.
   */
  step({ dense }: { readonly dense: boolean }): Graph {
    const carried = this.method.carriesSlope ? this.slopeNames : [];
    return trace(this.stepReads(carried), (read) => {
      const results = this.method.step((t, y) => this.evaluate(read, t, y), {
        t: read.t,
        h: read.h,
        y: pick(read, this.stateNames),
        slope: this.method.carriesSlope ? pick(read, carried) : undefined,
        dense,
        ...this.errorWeights(read),
      });
      const { next, lastSlope, error, slopeNorm, stiffness } = results;
      return {
        outputs: {
          ...named(this.nextNames, next),
          ...(this.method.carriesSlope ? named(this.lastSlopeNames, lastSlope) : {}),
          ...named(dense ? this.denseNames : [], results.dense.flat()),
        },
        readouts: { ...(error && { error }), slopeNorm, ...(stiffness && { stiffness }) },
      };
    });
  }

  /** The step's pullback: cotangents of next state, last slope, and of what else is asked for, to gradients. */
  stepPullback(wanted: OptionalCotangents): Graph {
    return vjp(this.step(wanted), this.pullbackOptions(wanted));
  }

  /**
   * The step, with what its pullback would compute again as further outputs. They suffice for every pullback of this step,
   * whichever cotangents it takes.
   */
  splitStep(kept: KeptResiduals): Graph {
    return this.split(kept).forward;
  }

  /** Where, among the outputs of that step, those are that its pullback takes. */
  residualPlaces(kept: KeptResiduals): readonly number[] {
    const { forward, residuals } = this.split(kept);
    const names = Object.keys(forward.outputs);
    return residuals.map((name) => names.indexOf(name));
  }

  /** The pullback that takes residuals, of the step with or without dense output, as its last inputs. */
  splitStepPullback(wanted: OptionalCotangents, kept: KeptResiduals): Graph {
    return this.split(kept).pullback(this.pullbackOptions(wanted));
  }

  private split({ dense, sizes }: KeptResiduals): ResidualVjp {
    const { carriesSlope, estimatesError, estimatesStiffness } = this.method;
    const all = { error: estimatesError, stiffness: estimatesStiffness, dense };
    // where the step ends, the next one starts: the tape has both already
    const atHand = [...this.nextNames, ...(carriesSlope ? this.lastSlopeNames : [])];
    const key = `${dense} ${sizes}`;
    const known =
      this.splits.get(key) ?? residualVjp(this.step({ dense }), this.pullbackOptions(all), { atHand, sizes });
    this.splits.set(key, known);
    return known;
  }

  /** Which derivative of a step is wanted. */
  pullbackOptions({ error, stiffness, dense }: OptionalCotangents): VjpOptions {
    const { carriesSlope } = this.method;
    return {
      of: [
        ...this.nextNames,
        ...(carriesSlope ? this.lastSlopeNames : []),
        ...(dense ? this.denseNames : []),
        ...(error ? ["error"] : []),
        ...(stiffness ? ["stiffness"] : []),
      ],
      withRespectTo: [...this.stateNames, ...(carriesSlope ? this.slopeNames : []), ...this.paramNames],
      accumulate: dense ? [...this.stateNames, ...this.paramNames] : this.paramNames,
    };
  }

  /** The pullback of one evaluation, added to the gradients of state and parameters. */
  slopePullback(): Graph {
    const sources = [...this.stateNames, ...this.paramNames];
    return vjp(this.slope(), { of: this.slopeNames, withRespectTo: sources, accumulate: sources });
  }

  /** state, coefficients of dense output; theta -> state within the step. */
  interpolation(): Graph {
    return trace(this.reads([...this.stateNames, ...this.denseNames], ["theta"]), (read) => ({
      outputs: named(this.nextNames, this.within(read)),
    }));
  }

  /** state, coefficients of dense output, params; t, theta -> what events watch, at a fraction of a step. */
  events(functions: readonly TracedEvent[]): Graph {
    const { state, params } = this.signature;
    const names = [...this.stateNames, ...this.denseNames, ...this.paramNames];
    return trace(this.reads(names, ["t", "theta"]), (read) => {
      const y = buildTree(state, this.within(read));
      const p = buildTree(params, pick(read, this.paramNames));
      const values = functions.map((when, i) => [`event${i}`, eventValue(when(read.t, y, p), i)]);
      return { readouts: Object.fromEntries(values) };
    });
  }

  /** The pullback of a state within a step, added to the gradients of state and coefficients. */
  interpolationPullback(): Graph {
    const sources = [...this.stateNames, ...this.denseNames];
    return vjp(this.interpolation(), { of: this.nextNames, withRespectTo: sources, accumulate: sources });
  }

  /** state, next state -> their sum: two cotangents of one state. */
  sum(): Graph {
    const reads = { inputs: { ...this.reads(this.stateNames, []).inputs, ...this.nextShapes() } };
    return trace(reads, (read) => ({
      outputs: named(
        this.slopeNames,
        this.stateNames.map((name, i) => tf.add(read[name], read[this.nextNames[i]])),
      ),
    }));
  }

  private nextShapes(): Record<string, Shape> {
    return Object.fromEntries(this.nextNames.map((name, i) => [name, this.signature.stateShapes[i]]));
  }

  private stepReads(slope: readonly string[]) {
    return this.reads([...this.stateNames, ...slope, ...this.paramNames], ["t", "h", "rtol", "atol"]);
  }

  private reads(names: readonly string[], scalars: readonly string[]) {
    return { inputs: Object.fromEntries(names.map((name) => [name, this.shapes[name]])), scalars };
  }

  /** The state at the fraction theta of a step. */
  private within(read: NamedTensors): tf.Tensor[] {
    const y = pick(read, this.stateNames);
    const coefficients = Array.from({ length: this.method.denseDegree }, (_, power) =>
      pick(read, this.denseNames.slice(power * y.length, (power + 1) * y.length)),
    );
    return interpolated(y, coefficients, read.theta);
  }

  /** Tolerances that are not scalars are part of the graph. */
  private errorWeights({ rtol, atol }: NamedTensors): ErrorWeights {
    const { stateShapes, tolerances, steers = stateShapes.map(() => true) } = this.signature;
    return {
      rtol: tolerances?.rtol?.map(constant) ?? stateShapes.map(() => rtol),
      atol: tolerances?.atol?.map(constant) ?? stateShapes.map(() => atol),
      steers,
    };
  }

  private evaluate(read: NamedTensors, t: tf.Tensor, y: readonly tf.Tensor[]): tf.Tensor[] {
    return evaluateField(this.signature, t, y, pick(read, this.paramNames));
  }
}

function pick(read: NamedTensors, names: readonly string[]): tf.Tensor[] {
  return names.map((name) => read[name]);
}

function named(names: readonly string[], tensors: readonly tf.Tensor[]): NamedTensors {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
}

function constant({ shape, data }: NdArray): tf.Tensor {
  return tf.tensor(Array.from(data), [...shape]);
}
