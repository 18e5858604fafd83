import * as tf from "@tensorflow/tfjs-core";
import { type ArrayLike, array, isArrayLike, type NdArray } from "../../compiler/nd-array.js";
import { type Shape, sameShape, shapeText } from "../../compiler/shape.js";
import { requireSynchronous } from "../../compiler/trace/trace.js";
import {
  buildTree,
  flattenTree,
  leafText,
  leavesOf,
  type Tree,
  type TreeStructure,
} from "../../compiler/tree.js";
import { type Steering, steeringLeaves } from "./steering.js";
import type { ComponentTolerances } from "./tolerances.js";

/** Tensors in the place of arrays: what a vector field gets for what the problem was given. */
export type TensorsOf<T> = T extends ArrayLike
  ? tf.Tensor
  : { readonly [Name in keyof T]: TensorsOf<T[Name]> };

/** Arrays in the place of what the problem was given: what comes out of a solve. */
export type ArraysOf<T> = T extends ArrayLike ? NdArray : { readonly [Name in keyof T]: ArraysOf<T[Name]> };

/** dy/dt = field(t, y, params): an ordinary tfjs function, run only to be traced. */
export type VectorField<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> = (
  t: tf.Scalar,
  y: TensorsOf<Y>,
  params: TensorsOf<P>,
) => TensorsOf<Y>;

/** An initial value problem as a user states it. */
export interface OdeDefinition<Y extends Tree<ArrayLike>, P extends Tree<ArrayLike>> {
  /** The right-hand side; everything that may be trained belongs into `params`, not into the closure. */
  readonly field: VectorField<Y, P>;
  /** The state at the start: an array, nested numbers, or named ones. */
  readonly y0: Y;
  /** Start and end; the end may lie before the start. */
  readonly span: readonly [number, number];
  /** Parameters of the field. @defaultValue none */
  readonly params?: P;
  /** Which leaves of the state steer its steps: a loss's integrand, carried along, need not. @defaultValue all */
  readonly steers?: Steering<Y>;
}

/** Arrays of a state or of parameters, taken apart. */
export interface ArrayTree {
  readonly structure: TreeStructure;
  readonly arrays: readonly NdArray[];
}

/** An initial value problem, checked. The type parameters remember the names of state and parameters. */
export interface OdeProblem<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> {
  readonly field: TracedField;
  readonly y0: ArrayTree;
  readonly params: ArrayTree;
  readonly span: readonly [number, number];
  /** Whether each leaf of the state steers. @defaultValue all do */
  readonly steers?: readonly boolean[];
  /** Never there: carries the types of `y0` and `params`. */
  readonly types?: { readonly y0: Y; readonly params: P };
}

/** A problem of whatever names. */
export type AnyOdeProblem = OdeProblem<unknown, unknown>;

/** A vector field without the types of its names. */
export type TracedField = (t: tf.Tensor, y: Tree<tf.Tensor>, params: Tree<tf.Tensor>) => Tree<tf.Tensor>;

/**
 * States an initial value problem: y' = field(t, y, params), y(span[0]) = y0, wanted at span[1].
 *
 * @throws RangeError when the span is empty or not finite, nested numbers are ragged, or no leaf steers; TypeError when the
 * field is no function, or `steers` has names that the state has not.
 */
export function odeProblem<Y extends Tree<ArrayLike>, P extends Tree<ArrayLike> = Record<string, never>>(
  definition: OdeDefinition<Y, P>,
): OdeProblem<Y, P> {
  const { field, y0, span, params, steers = true } = definition;
  if (typeof field !== "function") {
    throw new TypeError(`odeProblem: field must be a function of t, y and params, got ${field}`);
  }
  const [start, end] = span;
  if (!Number.isFinite(start) || !Number.isFinite(end) || start === end) {
    throw new RangeError(`odeProblem: span must be two different finite times, got [${start}, ${end}]`);
  }
  const state = arrayTree(y0);
  return {
    field: field as unknown as TracedField,
    y0: state,
    params: params === undefined ? { structure: { paths: [] }, arrays: [] } : arrayTree(params),
    span: [start, end],
    steers: steeringLeaves(steers as Tree<boolean>, state.structure),
  };
}

/** Takes a tree of arrays apart. */
export function arrayTree(tree: Tree<ArrayLike>): ArrayTree {
  const { structure, leaves } = flattenTree(tree, isArrayLike);
  return { structure, arrays: leaves.map(array) };
}

/** The parts of a vector field that decide which programs it needs. */
export interface FieldSignature {
  readonly field: TracedField;
  readonly state: TreeStructure;
  readonly stateShapes: readonly Shape[];
  readonly params: TreeStructure;
  readonly paramShapes: readonly Shape[];
  /** Whether each leaf of the state steers the steps: the others are left out of every norm. @defaultValue all do */
  readonly steers?: readonly boolean[];
  /** Tolerances that are not one number for all: programs are made for them. @defaultValue the scalars given to each step */
  readonly tolerances?: ComponentTolerances;
}

/** The signature of a problem's field. */
export function signatureOf({ field, y0, params, steers }: AnyOdeProblem): FieldSignature {
  return {
    field,
    state: y0.structure,
    stateShapes: y0.arrays.map(({ shape }) => shape),
    params: params.structure,
    paramShapes: params.arrays.map(({ shape }) => shape),
    steers,
  };
}

/**
 * Evaluates a field on tensors, leaf by leaf.
 *
 * @param name - what it is called in messages
 * @throws TypeError or RangeError when what it returns has not the names and shapes of the state.
 */
export function evaluateField(
  { field, state, stateShapes, params }: FieldSignature,
  t: tf.Tensor,
  y: readonly tf.Tensor[],
  p: readonly tf.Tensor[],
  name = "the vector field",
): tf.Tensor[] {
  const result = field(t, buildTree(state, y), buildTree(params, p));
  requireSynchronous(result);
  if (result === undefined) throw new TypeError(`${name} returned nothing; is a return missing?`);
  const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
  const slopes = leavesOf(result, state, isTensor, `what ${name} returned`);
  slopes.forEach(({ shape }, i) => {
    if (!sameShape(shape, stateShapes[i])) {
      throw new RangeError(
        `${name} returned shape ${shapeText(shape)} for the state ${leafText(state.paths[i])} ` +
          `of shape ${shapeText(stateShapes[i])}; a derivative must have the state's shape`,
      );
    }
  });
  return slopes;
}
