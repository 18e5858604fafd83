import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { cotangentName, vjp } from "../../../src/compiler/derivatives/vjp.js";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { Random } from "../../../src/compiler/random.js";
import type { Shape } from "../../../src/compiler/shape.js";
import { trace } from "../../../src/compiler/trace/trace.js";
import { normalArrays } from "../../laws/numbers.js";
import type { Point } from "../../laws/programs.js";

/** Lengths of the axes of a random graph, and the seed from which its operations are drawn. */
export interface RandomGraph {
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
}

/** Lengths on both sides of every border: one element, one vector, a row that is written out, one that is a loop. */
export const anyGraph: fc.Arbitrary<RandomGraph> = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  columns: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

function inputShapes({ rows, columns }: RandomGraph): Record<string, Shape> {
  return {
    a: [rows, columns],
    b: [columns, rows],
    row: [columns],
    column: [rows, 1],
    cube: [2, rows, columns],
    square: [columns, columns],
    thin: [columns, 3],
  };
}

/** A graph of random operations of every kind; some of what they compute along the way are outputs too. */
export function randomGraph(settings: RandomGraph): Graph {
  return trace({ inputs: inputShapes(settings), scalars: ["s"] }, (read) => {
    const made = expression(settings, read);
    const outputs = Object.fromEntries(made.slice(-4).map((tensor, i) => [`result${i}`, tensor]));
    return { outputs, readouts: { sum: tf.sum(made[made.length - 1]) } };
  });
}

/** Numbers for the inputs of such a graph. */
export function randomPoint(settings: RandomGraph): Point {
  const shapes = inputShapes(settings);
  const arrays = normalArrays(Object.values(shapes), settings.seed);
  return {
    inputs: Object.fromEntries(Object.keys(shapes).map((name, i) => [name, arrays[i]])),
    scalars: { s: 0.7 },
  };
}

/** The graph's derivatives, added to running sums: many products of which only the sum is wanted. */
export function randomGradient(settings: RandomGraph): { graph: Graph; point: Point } {
  const shapes = inputShapes(settings);
  const names = ["a", "square", "thin"];
  const graph = vjp(randomGraph(settings), { of: ["result0"], withRespectTo: names, accumulate: names });
  const { inputs, scalars } = randomPoint(settings);
  const arrays = normalArrays([...names.map((name) => shapes[name]), shapes.a], settings.seed + 1);
  const added = [...names.map((name) => `accumulator.${name}`), cotangentName("result0")];
  const more = Object.fromEntries(added.map((name, i) => [name, arrays[i]]));
  return { graph, point: { inputs: { ...inputs, ...more }, scalars } };
}

/** Results of shape [rows, columns], each of those before it; tanh keeps numbers of order one. */
function expression({ rows, columns, seed }: RandomGraph, read: Readonly<Record<string, tf.Tensor>>) {
  const random = new Random(seed).split("graph");
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const made: tf.Tensor[] = [read.a, tf.transpose(read.b)];
  const any = (): tf.Tensor => pick(made);
  const small = (): tf.Tensor => pick([read.row, read.column, read.s, tf.scalar(0.5)]);
  const operations: readonly (() => tf.Tensor)[] = [
    () => tf.add(tf.mul(any(), small()), any()),
    () => tf.sub(any(), tf.mul(any(), any())),
    () => tf.maximum(any(), small()),
    () => tf.where(tf.greater(read.a, small()), any(), tf.neg(any())),
    () => tf.cast(tf.logicalAnd(tf.less(read.a, small()), tf.greater(read.a, -1)), "float32"),
    () => tf.mul(any(), tf.sum(any(), pick([0, 1]), true)),
    () => tf.add(any(), tf.max(any(), pick([[0], [1], [0, 1]]), true)),
    () => tf.sub(any(), tf.min(tf.mean(tf.mul(read.cube, any()), pick([[0], [0, 1], [0, 2]])))),
    () => tf.sum(tf.mul(read.cube, any()), 0),
    () => tf.add(any(), tf.reshape(tf.sum(tf.mul(read.cube, any()), [0, 2]), [rows, 1])),
    () => tf.reverse(any(), pick([0, 1])),
    () => tf.add(any(), tf.transpose(tf.reverse(read.b, 0))),
    () => tf.transpose(tf.tanh(tf.transpose(any()))),
    () => tf.reshape(tf.transpose(tf.reshape(any(), [columns, rows])), [rows, columns]),
    () => tf.matMul(any(), read.square, false, pick([true, false])),
    () => tf.add(tf.matMul(any(), read.square), tf.matMul(any(), read.square, false, true)),
    () => tf.matMul(tf.matMul(any(), read.thin), read.thin, false, true),
    () => tf.matMul(any(), tf.matMul(any(), any(), true, false)),
    () => tf.slice(tf.concat([any(), any()], 0), [random.integer(rows + 1), 0], [rows, columns]),
    () => tf.slice(tf.concat([any(), read.column], 1), [0, random.integer(2)], [rows, columns]),
    () => tf.cumsum(any(), pick([0, 1]), pick([true, false]), pick([true, false])),
    () => tf.gather(any(), tf.range(0, rows, 1, "int32"), 0),
    () => tf.stridedSlice(tf.concat([any(), any()], 1), [0, 1], [rows, 2 * columns], [1, 2]),
    () => tf.softmax(any()),
  ];
  for (let step = 0; step < 12; step++) made.push(tf.tanh(pick(operations)()));
  return made;
}
