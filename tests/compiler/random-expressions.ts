import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../src/compiler/graph/graph.js";
import { Random } from "../../src/compiler/random.js";
import type { Shape } from "../../src/compiler/shape.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { normalArrays } from "../laws/numbers.js";
import type { Point } from "../laws/programs.js";

const inputs: Readonly<Record<string, Shape>> = {
  a: [3, 4],
  b: [3, 4],
  row: [4],
  column: [3, 1],
  square: [4, 4],
};
const steps = 12;

/** Numbers that simplification treats in a special way, and some that it does not. */
const special = [0, 1, -1, 2, 0.5, 3, -0.25];

/** Inputs of an expression. */
export function expressionPoint(seed: number): Point {
  const names = Object.keys(inputs);
  const arrays = normalArrays(Object.values(inputs), seed);
  return {
    inputs: Object.fromEntries(names.map((name, i) => [name, arrays[i]])),
    scalars: { s: 0.7, t: -1.3 },
  };
}

/**
 * A random expression: each step applies a random operation to earlier results of shape [3, 4], the inputs, and numbers
 * with which it may simplify. Tensors may be symbolic or real.
 */
export function expression(seed: number, read: Readonly<Record<string, tf.Tensor>>): tf.Tensor {
  const random = new Random(seed).split("expression");
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const full = [read.a, read.b];
  const small = [read.row, read.column, read.s, read.t];
  const any = (): tf.Tensor => {
    const kind = random.integer(6);
    if (kind === 0) return tf.fill(pick([[3, 4], [4], [3, 1], []]), pick(special));
    return pick(kind === 1 ? small : full);
  };
  const whole = (x: tf.Tensor): tf.Tensor => tf.broadcastTo(x, [3, 4]);
  const operations: readonly (() => tf.Tensor)[] = [
    () => tf.add(any(), any()),
    () => tf.add(tf.add(pick(full), pick(small)), pick(small)),
    () => tf.sub(any(), any()),
    () => tf.mul(any(), any()),
    () => tf.mul(tf.mul(pick(full), read.s), pick([read.t, tf.scalar(2)])),
    () => tf.div(any(), tf.add(tf.square(any()), pick([1, 2]))),
    () => tf.div(any(), pick([1, 2, -4, 3])),
    () => tf.neg(any()),
    () => tf.sub(any(), tf.neg(any())),
    () => tf.square(tf.neg(any())),
    () => tf.pow(any(), pick([0, 1, 2, 3])),
    () => tf.pow(tf.add(tf.square(any()), 0.5), pick([0.5, -1, 1.5])),
    () => tf.where(tf.greater(any(), any()), any(), any()),
    () => tf.tanh(any()),
    () => tf.relu(any()),
    () => tf.matMul(pick(full), read.square, false, pick([true, false])),
    () => tf.matMul(tf.concat([pick(full), whole(read.t)], 1), tf.concat([read.square, read.square], 0)),
    () => tf.slice(tf.concat([pick(full), whole(any())], 1), [0, pick([0, 2, 4])], [3, 4]),
    () => tf.slice(tf.matMul(pick(full), tf.concat([read.square, read.square], 1)), [0, 3], [3, 4]),
    () => tf.transpose(tf.reshape(tf.transpose(pick(full)), [4, 3])),
    () => tf.reshape(tf.reshape(pick(full), [2, 6]), [3, 4]),
    () => tf.mean(whole(any()), pick([0, 1]), true),
    () => tf.sum(tf.mul(tf.mul(whole(any()), pick(special)), 0.25), pick([[0], [1], [0, 1]]), true),
    () => tf.max(tf.tile(pick(full), [2, 1]), 0),
    () => tf.softmax(whole(any())),
  ];
  // tanh keeps numbers of order one, so that errors stay errors of rounding
  for (let step = 0; step < steps; step++) full.push(tf.tanh(whole(pick(operations)())));
  return full[full.length - 1];
}

/** The expression of a seed as a graph, with its sum as readout. */
export function expressionGraph(seed: number): Graph {
  return trace({ inputs, scalars: ["s", "t"] }, (read) => {
    const y = expression(seed, read);
    return { outputs: { y }, readouts: { sum: tf.sum(y) } };
  });
}
