import type { ArrayLike } from "../../compiler/nd-array.js";
import type { Tree } from "../../compiler/tree.js";
import {
  type ArrayTree,
  arrayTree,
  type FieldSignature,
  signatureOf,
  type TracedField,
  type VectorField,
} from "../ode/ode-problem.js";
import type { NoiseKind } from "./tableaux/stochastic-tableau.js";

/** A stochastic initial value problem as a user states it. */
export interface SdeDefinition<Y extends Tree<ArrayLike>, P extends Tree<ArrayLike>> {
  /** The deterministic part of the right-hand side; what may be trained belongs into `params`, not into the closure. */
  readonly drift: VectorField<Y, P>;
  /**
   * What the noise of each element is multiplied with: every element of the state has a Wiener process of its own. The
   * methods' orders hold where an element of the diffusion depends on no other elements of the state than its own.
   */
  readonly diffusion: VectorField<Y, P>;
  /** The state at the start: an array, nested numbers, or named ones. */
  readonly y0: Y;
  /** Start and end, the end later. */
  readonly span: readonly [number, number];
  /** Parameters of drift and diffusion. @defaultValue none */
  readonly params?: P;
  /** Additive: the diffusion depends on time and parameters alone. @defaultValue "diagonal" */
  readonly noise?: NoiseKind;
}

/** A stochastic initial value problem, checked. The type parameters remember the names of state and parameters. */
export interface SdeProblem<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> {
  readonly drift: TracedField;
  readonly diffusion: TracedField;
  readonly y0: ArrayTree;
  readonly params: ArrayTree;
  readonly span: readonly [number, number];
  readonly noise: NoiseKind;
  /** Never there: carries the types of `y0` and `params`. */
  readonly types?: { readonly y0: Y; readonly params: P };
}

/** A problem of whatever names. */
export type AnySdeProblem = SdeProblem<unknown, unknown>;

/**
 * States a stochastic initial value problem in Itô's sense: dy = drift(t, y, params) dt + diffusion(t, y, params) dW,
 * element by element, y(span[0]) = y0, wanted at span[1].
 *
 * @throws RangeError when the span does not run forwards or is not finite, or nested numbers are ragged; TypeError when
 * drift or diffusion is no function, or there is no such kind of noise.
 */
export function sdeProblem<Y extends Tree<ArrayLike>, P extends Tree<ArrayLike> = Record<string, never>>(
  definition: SdeDefinition<Y, P>,
): SdeProblem<Y, P> {
  const { drift, diffusion, y0, span, params, noise = "diagonal" } = definition;
  for (const [name, part] of Object.entries({ drift, diffusion })) {
    if (typeof part !== "function") {
      throw new TypeError(`sdeProblem: ${name} must be a function of t, y and params, got ${part}`);
    }
  }
  const [start, end] = span;
  if (!(Number.isFinite(start) && Number.isFinite(end) && start < end)) {
    throw new RangeError(
      `sdeProblem: span must be two finite times, the later one second, got [${start}, ${end}]; noise is not known in advance, so that an Itô equation runs forwards only`,
    );
  }
  if (noise !== "diagonal" && noise !== "additive") {
    throw new TypeError(`sdeProblem: noise must be "diagonal" or "additive", got ${JSON.stringify(noise)}`);
  }
  return {
    drift: drift as unknown as TracedField,
    diffusion: diffusion as unknown as TracedField,
    y0: arrayTree(y0),
    params: params === undefined ? { structure: { paths: [] }, arrays: [] } : arrayTree(params),
    span: [start, end],
    noise,
  };
}

/** The parts of a problem that decide which programs it needs. */
export interface SdeSignature {
  readonly drift: FieldSignature;
  readonly diffusion: FieldSignature;
  readonly noise: NoiseKind;
}

/** The signature of a problem. */
export function sdeSignatureOf({ drift, diffusion, noise, y0, params, span }: AnySdeProblem): SdeSignature {
  const signature = (field: TracedField): FieldSignature => signatureOf({ field, y0, params, span });
  return { drift: signature(drift), diffusion: signature(diffusion), noise };
}
