import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { type NdArray, ndArray } from "../../../src/compiler/nd-array.js";
import { Random } from "../../../src/compiler/random.js";
import { type Shape, sizeOf } from "../../../src/compiler/shape.js";
import { buildTree, flattenTree, type Tree } from "../../../src/compiler/tree.js";
import { type OdeProblem, odeProblem } from "../../../src/solvers/ode/ode-problem.js";

/** A small network as a vector field on a state of any structure. */
export interface NeuralField {
  readonly paths: readonly string[];
  readonly shapes: readonly Shape[];
  readonly hidden: number;
  readonly span: readonly [number, number];
  readonly seed: number;
}

const shape = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 });

/** Networks on a bare array, on named arrays, and on nested ones, forwards and backwards in time. */
export const neuralFields: fc.Arbitrary<NeuralField> = fc
  .constantFrom([""], ["position", "velocity"], ["body.position", "body.velocity", "charge"])
  .chain((paths) =>
    fc.record({
      paths: fc.constant(paths),
      shapes: fc.array(shape, { minLength: paths.length, maxLength: paths.length }),
      hidden: fc.integer({ min: 1, max: 4 }),
      span: fc.constantFrom([0, 1] as const, [0.5, -1] as const, [-2, -1] as const),
      seed: fc.nat(),
    }),
  );

/** The network's problem: y' = tanh([y, t] W + b) V, on the state's elements in one row. */
export function neuralProblem({ paths, shapes, hidden, span, seed }: NeuralField): OdeProblem {
  const random = new Random(seed);
  const sizes = shapes.map(sizeOf);
  const width = sizes.reduce((sum, size) => sum + size, 0);
  const field = (t: tf.Scalar, y: Tree<tf.Tensor>, params: Tree<tf.Tensor>): Tree<tf.Tensor> => {
    const { inner, outer } = params as { inner: { weight: tf.Tensor; bias: tf.Tensor }; outer: tf.Tensor };
    const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
    const parts = [...flattenTree(y, isTensor).leaves, t].map((leaf) => tf.reshape(leaf, [1, -1]));
    const row = tf.concat(parts, 1);
    const slope = tf.matMul(tf.tanh(tf.add(tf.matMul(row, inner.weight), inner.bias)), outer);
    const slopes = tf.split(slope, sizes, 1);
    return buildTree(
      { paths },
      slopes.map((leaf, i) => tf.reshape(leaf, [...shapes[i]])),
    );
  };
  return odeProblem<Tree<NdArray>, Tree<NdArray>>({
    field: field as never,
    y0: buildTree(
      { paths },
      shapes.map((leaf) => normal(random, leaf, 1)),
    ),
    params: {
      inner: { weight: normal(random, [width + 1, hidden], 1), bias: normal(random, [hidden], 0.5) },
      outer: normal(random, [hidden, width], 3),
    },
    span,
  });
}

/** Normal numbers of the given standard deviation. */
export function normal(random: Random, of: Shape, deviation: number): NdArray {
  return ndArray(
    of,
    Float64Array.from({ length: sizeOf(of) }, () => deviation * random.normal()),
  );
}
