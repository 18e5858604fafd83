import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { Random } from "../../../src/compiler/random.js";
import { trace } from "../../../src/compiler/trace/trace.js";

/** Lengths of the axes of a random expression; they may be equal. */
export interface RowExpression {
  readonly seed: number;
  readonly rows: number;
  readonly width: number;
  readonly hidden: number;
}

const steps = 10;

/**
 * A random graph whose rows depend on each other through sums and extrema over the batch alone: each step applies a random
 * operation to earlier arrays of shape [rows, width]. It returns rows, a sum of outer products on top of a running total,
 * and numbers.
 */
export function rowExpressionGraph({ seed, rows, width, hidden }: RowExpression): Graph {
  const inputs = {
    x: [rows, width],
    y: [rows, width],
    weight: [width + 1, hidden],
    back: [hidden, width],
    bias: [hidden],
    scale: [width],
    total: [width, width],
  };
  return trace({ inputs, scalars: ["t"] }, (read) => {
    const random = new Random(seed).split("rows");
    const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
    const full = [read.x, read.y];
    const any = (): tf.Tensor => pick(full);
    const withTime = (x: tf.Tensor): tf.Tensor => tf.concat([x, tf.mul(tf.ones([rows, 1]), read.t)], 1);
    const layer = (x: tf.Tensor): tf.Tensor =>
      tf.tanh(tf.add(tf.matMul(withTime(x) as tf.Tensor2D, read.weight as tf.Tensor2D), read.bias));
    const normalised = (x: tf.Tensor, axis: number): tf.Tensor => {
      const { mean, variance } = tf.moments(x, axis, true);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1)));
    };
    const operations: readonly (() => tf.Tensor)[] = [
      () => tf.add(any(), tf.mul(any(), read.t)),
      () => tf.mul(any(), read.scale),
      () => tf.matMul(layer(any()) as tf.Tensor2D, read.back as tf.Tensor2D),
      () => tf.where(tf.greater(any(), 0), any(), any()),
      () => tf.softmax(any()),
      () => normalised(any(), 1),
      () => normalised(any(), 0),
      () => tf.sub(any(), tf.max(any(), 0)),
      () => tf.mul(any(), tf.mean(tf.square(any()))),
      () => tf.transpose(tf.relu(tf.transpose(any()))),
      () => tf.reshape(tf.tanh(tf.reshape(any(), [rows * width, 1])), [rows, width]),
      () =>
        tf.reshape(tf.matMul(tf.reshape(any(), [rows, 1, width]), tf.reshape(any(), [rows, width, 1])), [
          rows,
          1,
        ]),
      () =>
        tf.matMul(any() as tf.Tensor2D, tf.matMul(any() as tf.Tensor2D, any() as tf.Tensor2D, true, false)),
      () => tf.slice(tf.concat([any(), any()], 1), [0, pick([0, 1])], [rows, width]),
      () => tf.add(tf.zeros([rows, width]), tf.mul(read.scale, read.t)),
    ];
    // tanh keeps numbers of order one
    for (let step = 0; step < steps; step++) {
      full.push(tf.tanh(tf.broadcastTo(pick(operations)(), [rows, width])));
    }
    const last = full[full.length - 1];
    const product = tf.matMul(last as tf.Tensor2D, any() as tf.Tensor2D, true, false);
    return {
      outputs: { last, product, total: tf.add(read.total, product), same: read.x, again: last },
      readouts: { norm: tf.sqrt(tf.sum(tf.square(last))), largest: tf.max(any()) },
    };
  });
}
