import * as tf from "@tensorflow/tfjs-core";
import { type ResidualSizes, type ResidualVjp, residualVjp } from "../../compiler/derivatives/residuals.js";
import { type VjpOptions, vjp } from "../../compiler/derivatives/vjp.js";
import { type Graph, liveNodes, resultsOf } from "../../compiler/graph/graph.js";
import type { Shape } from "../../compiler/shape.js";
import { type NamedTensors, trace } from "../../compiler/trace/trace.js";
import { leafText, type TreeStructure } from "../../compiler/tree.js";
import { evaluateField } from "../ode/ode-problem.js";
import { type ErrorWeights, errorNorm } from "../ode/scaled-norm.js";
import type { SdeMethod, StochasticFields } from "./sde-method.js";
import type { SdeSignature } from "./sde-problem.js";

/** Which cotangents besides that of the next state a step's pullback takes. */
export interface EstimateCotangents {
  readonly error: boolean;
  readonly stiffness: boolean;
}

/** Names of a tree's leaves as inputs and outputs of graphs. */
const leafNames = (role: string, { paths }: TreeStructure): string[] =>
  paths.map((path) => (path ? `${role}.${path}` : role));

/** The graphs of which a stochastic solve is made, whatever its method. */
export class SdeGraphs {
  readonly stateNames: readonly string[];
  readonly paramNames: readonly string[];
  private readonly nextNames: readonly string[];
  private readonly noiseNames: { readonly dW: readonly string[]; readonly dZ: readonly string[] };
  private readonly slopeNames: { readonly drift: readonly string[]; readonly diffusion: readonly string[] };
  private readonly shapes: Readonly<Record<string, Shape>>;
  private readonly splits = new Map<ResidualSizes, ResidualVjp>();

  constructor(
    readonly signature: SdeSignature,
    readonly method: SdeMethod,
  ) {
    const { state, params, stateShapes, paramShapes } = signature.drift;
    this.stateNames = leafNames("state", state);
    this.paramNames = leafNames("params", params);
    this.nextNames = leafNames("next", state);
    this.noiseNames = { dW: leafNames("dW", state), dZ: leafNames("dZ", state) };
    this.slopeNames = { drift: leafNames("drift", state), diffusion: leafNames("diffusion", state) };
    const ofState = [this.stateNames, this.nextNames, ...Object.values(this.noiseNames)];
    this.shapes = Object.fromEntries([
      ...[...ofState, ...Object.values(this.slopeNames)].flatMap((names) =>
        names.map((name, i) => [name, stateShapes[i]] as const),
      ),
      ...this.paramNames.map((name, i) => [name, paramShapes[i]] as const),
    ]);
  }

  /**
   * state, params; t, rtol, atol -> drift, diffusion; scaled norms of the state, and of drift and diffusion, which counts
   * three times: where a solve starts.
   *
   * @throws RangeError when noise that is said to be additive depends on the state.
   */
  start(): Graph {
    const reads = this.reads([...this.stateNames, ...this.paramNames], ["t", "rtol", "atol"]);
    return trace(reads, (read) => {
      const y = pick(read, this.stateNames);
      const { drift, diffusion } = this.evaluated(read, read.t, y);
      const norm = errorNorm(this.errorWeights(read), y);
      const steepest = drift.map((leaf, i) => tf.add(tf.abs(leaf), tf.mul(tf.abs(diffusion[i]), 3)));
      return {
        outputs: { ...named(this.slopeNames.drift, drift), ...named(this.slopeNames.diffusion, diffusion) },
        readouts: { stateNorm: norm(y), slopeNorm: norm(steepest) },
      };
    });
  }

  /**
   * state, drift, diffusion, params; t, h, rtol, atol -> scaled norm of the change of the drift over an Euler step without
   * noise, with the diffusions at both ends, which count three times.
   */
  trial(): Graph {
    const { drift: driftNames, diffusion: diffusionNames } = this.slopeNames;
    const names = [...this.stateNames, ...driftNames, ...diffusionNames, ...this.paramNames];
    return trace(this.reads(names, ["t", "h", "rtol", "atol"]), (read) => {
      const y = pick(read, this.stateNames);
      const drift = pick(read, driftNames);
      const diffusion = pick(read, diffusionNames);
      const ahead = y.map((leaf, i) => tf.add(leaf, tf.mul(drift[i], read.h)));
      const there = this.evaluated(read, tf.add(read.t, read.h), ahead);
      const change = y.map((_, i) => {
        const noise = tf.add(tf.abs(diffusion[i]), tf.abs(there.diffusion[i]));
        return tf.add(tf.abs(tf.sub(there.drift[i], drift[i])), tf.mul(noise, 3));
      });
      return { readouts: { changeNorm: errorNorm(this.errorWeights(read), y)(change) } };
    });
  }

  /** state, dW, dZ, params; t, h, rtol, atol -> next state; error, or without an estimate that state's norm; stiffness. */
  step(): Graph {
    const { dW, dZ } = this.noiseNames;
    const names = [...this.stateNames, ...dW, ...dZ, ...this.paramNames];
    return trace(this.reads(names, ["t", "h", "rtol", "atol"]), (read) => {
      const weights = this.errorWeights(read);
      const y = pick(read, this.stateNames);
      const noise = { dW: pick(read, dW), dZ: pick(read, dZ) };
      const start = { t: read.t, h: read.h, y, ...noise, ...weights };
      const { next, error, stiffness } = this.method.step(this.fields(read), start);
      // without an estimate, the norm tells at least whether the step can be used
      const size = (): tf.Tensor => errorNorm(weights, y)(next);
      return {
        outputs: named(this.nextNames, next),
        readouts: { error: error ?? size(), ...(stiffness && { stiffness }) },
      };
    });
  }

  /** The step's pullback: cotangents of the next state, and of what else is asked for, to gradients; the noise is held. */
  stepPullback(wanted: EstimateCotangents): Graph {
    return vjp(this.step(), this.pullbackOptions(wanted));
  }

  /** The step, with what its pullback would compute again as further outputs. */
  splitStep(sizes: ResidualSizes): Graph {
    return this.split(sizes).forward;
  }

  /** Where, among the outputs of that step, those are that its pullback takes. */
  residualPlaces(sizes: ResidualSizes): readonly number[] {
    const { forward, residuals } = this.split(sizes);
    const names = Object.keys(forward.outputs);
    return residuals.map((name) => names.indexOf(name));
  }

  /** The pullback that takes residuals as its last inputs. */
  splitStepPullback(wanted: EstimateCotangents, sizes: ResidualSizes): Graph {
    return this.split(sizes).pullback(this.pullbackOptions(wanted));
  }

  /** state, next state; u, v -> u state + v next: states between, and sums of cotangents. */
  combination(): Graph {
    return trace(this.reads([...this.stateNames, ...this.nextNames], ["u", "v"]), (read) => ({
      outputs: named(
        this.slopeNames.drift,
        this.stateNames.map((name, i) =>
          tf.add(tf.mul(read[name], read.u), tf.mul(read[this.nextNames[i]], read.v)),
        ),
      ),
    }));
  }

  /**
   * Refuses a problem whose noise is not what it is said to be.
   *
   * @throws RangeError when noise that is said to be additive depends on the state.
   */
  checkNoise(): void {
    if (this.signature.noise === "diagonal") return;
    const reads = this.reads([...this.stateNames, ...this.paramNames], ["t"]);
    const diffusion = trace(reads, (read) => ({
      outputs: named(this.nextNames, this.fields(read).diffusion(read.t, pick(read, this.stateNames))),
    }));
    const used = new Set(liveNodes(resultsOf(diffusion)));
    const input = diffusion.inputs.find((node) => this.stateNames.includes(node.name) && used.has(node));
    if (!input) return;
    const path = this.signature.drift.state.paths[this.stateNames.indexOf(input.name)];
    throw new RangeError(
      `sdeProblem: the noise is said to be additive, but the diffusion depends on the state ${leafText(path)}; ` +
        'leave noise: "additive" out',
    );
  }

  private split(sizes: ResidualSizes): ResidualVjp {
    const { estimatesError: error, estimatesStiffness: stiffness } = this.method;
    // where the step ends, the next one starts: the tape has that already
    const keeping = { atHand: this.nextNames, sizes };
    const known =
      this.splits.get(sizes) ?? residualVjp(this.step(), this.pullbackOptions({ error, stiffness }), keeping);
    this.splits.set(sizes, known);
    return known;
  }

  private pullbackOptions({ error, stiffness }: EstimateCotangents): VjpOptions {
    return {
      of: [...this.nextNames, ...(error ? ["error"] : []), ...(stiffness ? ["stiffness"] : [])],
      withRespectTo: [...this.stateNames, ...this.paramNames],
      accumulate: this.paramNames,
    };
  }

  /** One tolerance for all leaves, all of which steer the steps. */
  private errorWeights({ rtol, atol }: NamedTensors): ErrorWeights {
    const { stateNames } = this;
    return {
      rtol: stateNames.map(() => rtol),
      atol: stateNames.map(() => atol),
      steers: stateNames.map(() => true),
    };
  }

  private fields(read: NamedTensors): StochasticFields {
    const params = pick(read, this.paramNames);
    const { drift, diffusion } = this.signature;
    return {
      drift: (t, y) => evaluateField(drift, t, y, params, "the drift"),
      diffusion: (t, y) => evaluateField(diffusion, t, y, params, "the diffusion"),
    };
  }

  private evaluated(read: NamedTensors, t: tf.Tensor, y: readonly tf.Tensor[]) {
    const { drift, diffusion } = this.fields(read);
    return { drift: drift(t, y), diffusion: diffusion(t, y) };
  }

  private reads(names: readonly string[], scalars: readonly string[]) {
    return { inputs: Object.fromEntries(names.map((name) => [name, this.shapes[name]])), scalars };
  }
}

function pick(read: NamedTensors, names: readonly string[]): tf.Tensor[] {
  return names.map((name) => read[name]);
}

function named(names: readonly string[], tensors: readonly tf.Tensor[]): NamedTensors {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
}
