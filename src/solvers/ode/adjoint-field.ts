import * as tf from "@tensorflow/tfjs-core";
import { buildTree, flattenTree, type Tree } from "../../compiler/tree.js";
import { interpolated } from "./dense-output.js";
import { evaluateField, type FieldSignature, type TracedField } from "./ode-problem.js";

/** State, cotangent and parameter gradient of an adjoint equation, under the names of the problem. */
type AdjointTree = { readonly [Part in "state" | "cotangent" | "gradient"]: Tree<tf.Tensor> };

/** A step of the solve forwards, whose polynomial tells the state: y(start + theta size) = state + sum of powers of theta. */
interface ForwardStep {
  readonly start: tf.Tensor;
  readonly size: tf.Tensor;
  readonly state: Tree<tf.Tensor>;
  readonly powers: Readonly<Record<string, Tree<tf.Tensor>>>;
}

/**
 * The adjoint equation with the state solved anew: with H = <a, f(t, y, p)>,
 *
 *   y' = dH/da,   a' = -dH/dy,   g' = -dH/dp
 *
 * (Pontryagin et al., The Mathematical Theory of Optimal Processes, 1962; Chen et al., NeurIPS 2018, appendix B). The same
 * field each time it is asked for, so that its programs are found again.
 */
export const adjointField = remembered((field) => (t, y, params) => {
  const { state, cotangent } = y as AdjointTree;
  return hamiltonSlopes(field, t, { state, cotangent }, params);
});

/** The adjoint equation of a and g alone, along the polynomial of a step of the solve forwards. */
export const interpolatedAdjointField = remembered((field) => (t, y, given) => {
  const { cotangent } = y as AdjointTree;
  const { params = {}, step } = given as unknown as { params?: Tree<tf.Tensor>; step: ForwardStep };
  const { structure, leaves } = flattenTree(step.state, isTensor);
  const powers = Object.values(step.powers).map((power) => flattenTree(power, isTensor).leaves);
  const theta = tf.div(tf.sub(t, step.start), step.size);
  const state = buildTree(structure, interpolated(leaves, powers, theta));
  const { cotangent: ofCotangent, gradient } = hamiltonSlopes(field, t, { state, cotangent }, params);
  return { cotangent: ofCotangent, gradient };
});

function hamiltonSlopes(
  field: TracedField,
  t: tf.Tensor,
  at: Pick<AdjointTree, "state" | "cotangent">,
  parameters: Tree<tf.Tensor>,
): AdjointTree {
  const [a, y, p] = [at.cotangent, at.state, parameters].map((tree) => flattenTree(tree, isTensor));
  const shapes = (leaves: readonly tf.Tensor[]) => leaves.map(({ shape }) => shape);
  const signature: FieldSignature = {
    field,
    state: y.structure,
    stateShapes: shapes(y.leaves),
    params: p.structure,
    paramShapes: shapes(p.leaves),
  };
  const ends = [a, y, p].map(({ leaves: { length } }) => length);
  const parts = (all: readonly tf.Tensor[]) => [
    all.slice(0, ends[0]),
    all.slice(ends[0], ends[0] + ends[1]),
    all.slice(ends[0] + ends[1]),
  ];
  const hamiltonian = (...variables: tf.Tensor[]): tf.Tensor => {
    const [cotangents, states, params] = parts(variables);
    const products = evaluateField(signature, t, states, params).map((slope, i) =>
      tf.sum(tf.mul(cotangents[i], slope)),
    );
    return products.reduce((sum, product) => tf.add(sum, product));
  };
  const [byCotangent, byState, byParams] = parts(
    tf.grads(hamiltonian)([a, y, p].flatMap(({ leaves }) => [...leaves])),
  );
  return {
    state: buildTree(y.structure, byCotangent),
    cotangent: buildTree(
      a.structure,
      byState.map((leaf) => tf.neg(leaf)),
    ),
    gradient: buildTree(
      p.structure,
      byParams.map((leaf) => tf.neg(leaf)),
    ),
  };
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

function remembered(make: (field: TracedField) => TracedField): (field: TracedField) => TracedField {
  const made = new WeakMap<TracedField, TracedField>();
  return (field) => {
    const known = made.get(field) ?? make(field);
    made.set(field, known);
    return known;
  };
}
