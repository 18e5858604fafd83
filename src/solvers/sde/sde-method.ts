import type * as tf from "@tensorflow/tfjs-core";
import type { Leaves } from "../ode/combined.js";
import type { LeafField } from "../ode/method.js";
import type { ErrorWeights } from "../ode/scaled-norm.js";
import type { NoiseKind } from "./tableaux/stochastic-tableau.js";

/** Where a step starts, and the noise along it, as tensors of a traced function. */
export interface SdeStepStart extends ErrorWeights {
  readonly t: tf.Tensor;
  readonly h: tf.Tensor;
  readonly y: Leaves;
  /** Increments of the Wiener processes over the step, one process per element of the state, of variance h. */
  readonly dW: Leaves;
  /** Independent of dW and of variance h too: I(1,0) = h (dW + dZ / sqrt 3) / 2. */
  readonly dZ: Leaves;
}

/** Everything a step yields. Error and stiffness are there if the method has them. */
export interface SdeStepResults {
  readonly next: tf.Tensor[];
  readonly error?: tf.Tensor;
  readonly stiffness?: tf.Tensor;
}

/** dy = drift dt + diffusion dW, leaf by leaf, in Itô's sense. */
export interface StochasticFields {
  readonly drift: LeafField;
  readonly diffusion: LeafField;
}

/** A method that goes from step to step with nothing but the state and the noise. */
export interface SdeMethod {
  readonly name: string;
  /** The kind of noise it is made for; one for diagonal noise does additive noise too. */
  readonly noise: NoiseKind;
  /** Strong order; that of the step size control too. */
  readonly order: number;
  /** Whether it estimates its error: without, only prescribed steps can be taken. */
  readonly estimatesError: boolean;
  readonly estimatesStiffness: boolean;
  /** Length of the drift's stability region along the negative real axis. */
  readonly stabilitySize?: number;
  /** Evaluations per attempt. */
  readonly evaluations: { readonly drift: number; readonly diffusion: number };
  /** The step in ordinary tfjs operations. */
  step(fields: StochasticFields, start: SdeStepStart): SdeStepResults;
}
