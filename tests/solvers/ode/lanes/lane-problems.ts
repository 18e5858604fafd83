import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { entryOf, ndArray } from "../../../../src/compiler/nd-array.js";
import { Random } from "../../../../src/compiler/random.js";
import { type OdeProblem, odeProblem } from "../../../../src/solvers/ode/ode-problem.js";
import { normal } from "../neural-fields.js";

/** Samples of very different time scales, for a network that sees a batch of them. */
export interface Samples {
  readonly lanes: number;
  readonly span: readonly [number, number];
  readonly seed: number;
}

export const samples: fc.Arbitrary<Samples> = fc.record({
  lanes: fc.integer({ min: 1, max: 5 }),
  span: fc.constantFrom([0, 1] as const, [0.5, -1] as const),
  seed: fc.nat(),
});

/**
 * y' = speed tanh([x, t] W + b) V - z, z' = sin(x_1 t) - z, speed' = 0: the speed of each sample is its own, and with it the
 * steps that it needs.
 */
export function laneProblem({ lanes, span, seed }: Samples): OdeProblem {
  const random = new Random(seed);
  const speeds = Float64Array.from({ length: lanes }, () => 10 ** (1.5 * random.uniform()));
  const problem = odeProblem({
    field: (t, { x, z, speed }, { inner, bias, outer }) => {
      const [rows] = x.shape;
      const row = tf.concat([x, tf.mul(tf.ones([rows, 1]), t)], 1);
      const slope = tf.matMul(tf.tanh(tf.add(tf.matMul(row, inner), bias)), outer);
      const [first] = tf.split(x, 2, 1);
      return {
        x: tf.sub(tf.mul(slope, tf.expandDims(speed, 1)), tf.expandDims(z, 1)),
        z: tf.sub(tf.sin(tf.mul(tf.squeeze(first, [1]), t)), z),
        speed: tf.zerosLike(speed),
      };
    },
    y0: { x: normal(random, [lanes, 2], 1), z: normal(random, [lanes], 1), speed: ndArray([lanes], speeds) },
    params: {
      inner: normal(random, [3, 4], 1),
      bias: normal(random, [4], 0.5),
      outer: normal(random, [4, 2], 1),
    },
    span,
  });
  return problem as unknown as OdeProblem;
}

/** A problem with these of its rows alone, in this order. */
export function withRows(problem: OdeProblem, rows: readonly number[]): OdeProblem {
  const { structure, arrays } = problem.y0;
  const chosen = arrays.map((array) => {
    const [, ...shape] = array.shape;
    const data = rows.flatMap((row) => Array.from(entryOf(array, row).data));
    return ndArray([rows.length, ...shape], Float64Array.from(data));
  });
  return { ...problem, y0: { structure, arrays: chosen } };
}

/** The samples of a problem, one by one. */
export function alone(problem: OdeProblem): OdeProblem[] {
  const [{ shape }] = problem.y0.arrays;
  return Array.from({ length: shape[0] }, (_, row) => withRows(problem, [row]));
}
