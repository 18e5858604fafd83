import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liveNodes, resultsOf } from "../../src/compiler/graph/graph.js";
import { GraphBuilder } from "../../src/compiler/graph/graph-builder.js";
import type { Node, TransposeNode } from "../../src/compiler/graph/node.js";
import { transpose } from "../../src/compiler/operations/arrange.js";
import { apply } from "../../src/compiler/operations/elementwise.js";
import { type NamedTensors, trace } from "../../src/compiler/trace/trace.js";
import { expectVjpToMatchDifferences } from "../laws/gradients.js";
import { anySeed } from "../laws/numbers.js";
import { evaluate } from "../laws/programs.js";
import { expression, expressionGraph, expressionPoint } from "./random-expressions.js";

/** The operations of a traced function. */
function operationsOf(run: (read: NamedTensors) => tf.Tensor): string[] {
  const inputs = { x: [3, 4], y: [3, 4], row: [4], w: [5, 2], v: [4, 2] };
  const graph = trace({ inputs, scalars: ["s", "t"] }, (read) => ({ outputs: { result: run(read) } }));
  return liveNodes(resultsOf(graph))
    .map(({ operation }) => operation)
    .filter((operation) => operation !== "input" && operation !== "constant");
}

describe("simplification", () => {
  it("changes no value: random expressions equal what tfjs computes step by step", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const { inputs, scalars } = expressionPoint(seed);
        const eager = expression(seed, {
          ...Object.fromEntries(
            Object.entries(inputs).map(([name, { shape, data }]) => [
              name,
              tf.tensor(Float32Array.from(data), [...shape]),
            ]),
          ),
          ...Object.fromEntries(
            Object.entries(scalars ?? {}).map(([name, value]) => [name, tf.scalar(value)]),
          ),
        });
        const { y } = evaluate(expressionGraph(seed), { inputs, scalars }).outputs;
        const expected = { shape: eager.shape, data: Float32Array.from(eager.dataSync()) };
        expect(y).toBeAllclose(expected, { relative: 1e-3, absolute: 1e-3 });
      }),
      { numRuns: 500 },
    );
  });

  it("changes no derivative: those of random smooth expressions match differences", () => {
    const smooth = (seed: number, read: NamedTensors): tf.Tensor => {
      const y = tf.concat([tf.tanh(read.a), tf.broadcastTo(read.s, [3, 1])], 1);
      const product = tf.matMul(y, tf.concat([read.square, tf.reshape(read.row, [1, 4])], 0));
      const scaled = tf.mul(
        tf.mul(tf.add(tf.add(product, read.row), read.t), read.s),
        seed % 2 ? read.t : 0.25,
      );
      return tf.softmax(tf.mul(tf.sub(scaled, tf.neg(read.b)), seed % 3 ? tf.sigmoid(read.column) : 1));
    };
    fc.assert(
      fc.property(anySeed, (seed) => {
        const point = expressionPoint(seed);
        const shapes = Object.fromEntries(
          Object.entries(point.inputs).map(([name, { shape }]) => [name, shape]),
        );
        const graph = trace({ inputs: shapes, scalars: ["s", "t"] }, (read) => ({
          outputs: { y: smooth(seed, read) },
        }));
        expectVjpToMatchDifferences(graph, point, seed);
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, (read: NamedTensors) => tf.Tensor, string[]]>([
    ["x + 0", ({ x }) => tf.add(x, 0), []],
    ["x * 1", ({ x }) => tf.mul(x, 1), []],
    ["x * 0", ({ x }) => tf.mul(tf.exp(x), 0), []],
    ["x - (-y)", ({ x, y }) => tf.sub(x, tf.neg(y)), ["add"]],
    ["x / 2", ({ x }) => tf.div(x, 2), ["mul"]],
    ["x / 3", ({ x }) => tf.div(x, 3), ["div"]],
    ["x^2", ({ x }) => tf.pow(x, 2), ["square"]],
    ["-(-x)", ({ x }) => tf.neg(tf.neg(x)), []],
    ["reshapes that cancel", ({ x }) => tf.reshape(tf.reshape(x, [12]), [3, 4]), []],
    ["transposes that cancel", ({ x }) => tf.transpose(tf.transpose(x)), []],
    ["a transposed factor", ({ x, y }) => tf.matMul(x, tf.transpose(y)), ["matMul"]],
    ["what is turned around twice", ({ x }) => tf.reverse(tf.reverse(x, 1), 1), []],
    ["rows picked in order", ({ x }) => tf.gather(x, tf.tensor1d([0, 1, 2], "int32")), []],
    ["every other row, by index", ({ x }) => tf.gather(x, tf.tensor1d([2, 0], "int32")), ["slice"]],
    ["known numbers, rearranged", () => tf.reverse(tf.transpose(tf.concat([[[1, 2]], [[3, 4]]]))), []],
    ["a factor in Einstein's notation", ({ x, y }) => tf.einsum("ij,kj->ik", x, y), ["matMul"]],
    [
      "a sum of known numbers",
      () =>
        tf.cumsum(
          tf.sum(
            tf.tensor2d([
              [1, 2],
              [3, 4],
            ]),
            0,
          ),
        ),
      [],
    ],
    ["a sum of ones", () => tf.sum(tf.ones([50])), []],
    ["a part of a concatenation", ({ x, y }) => tf.slice(tf.concat([x, y]), [3, 0], [3, 4]), []],
    ["the same twice", ({ x }) => tf.add(tf.tanh(x), tf.tanh(x)), ["tanh", "add"]],
    ["a bias and time in one pass", ({ x, row, t }) => tf.add(tf.add(x, row), t), ["add", "add"]],
    [
      "the sum of complementary parts",
      ({ x, y }) => {
        const above = tf.pad(x as tf.Tensor2D, [
          [0, 3],
          [0, 0],
        ]);
        return tf.add(
          above,
          tf.pad(y as tf.Tensor2D, [
            [3, 0],
            [0, 0],
          ]),
        );
      },
      ["concat"],
    ],
    ["what nothing needs", ({ x }) => tf.split(tf.concat([tf.exp(x), tf.neg(x)]), 2)[1], ["neg"]],
  ])("of %s leaves only what is needed", (_, run, left) => {
    expect(operationsOf(run)).toEqual(left);
  });

  it("enters time as a bias, without a copy of y", () => {
    const operations = operationsOf(({ x, t, w }) =>
      tf.matMul(tf.concat([x, tf.broadcastTo(t, [3, 1])], 1), w),
    );
    expect(operations).not.toContain("concat");
  });

  it("does not hide the NaN of a root", () => {
    const graph = trace({ inputs: { x: [1] } }, ({ x }) => ({ outputs: { y: tf.square(tf.sqrt(x)) } }));
    expect(
      evaluate(graph, { inputs: { x: { shape: [1], data: Float64Array.of(-1) } } }).outputs.y.data[0],
    ).toBeNaN();
  });
});

describe("sharing", () => {
  const builder = new GraphBuilder();
  const x = builder.input("x", [2, 3, 4]);

  it("makes one node of equal computations", () => {
    expect(apply(builder, "tanh", x)).toBe(apply(builder, "tanh", x));
    expect(builder.constant([1, 1, 1], [3])).toBe(builder.constant(1, [3]));
    expect(transpose(builder, x, [2, 0, 1])).toBe(transpose(builder, x, [2, 0, 1]));
  });

  it("keeps apart what differs in any attribute", () => {
    const turned = [
      [0, 2, 1],
      [1, 0, 2],
      [2, 1, 0],
    ].map((permutation) => transpose(builder, x, permutation) as TransposeNode);
    expect(new Set<Node>(turned).size).toBe(3);
    const odd = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300];
    expect(new Set(odd.map((value) => builder.constant(value))).size).toBe(odd.length);
    expect(builder.constant(1, [2])).not.toBe(builder.constant(1, [1, 2]));
    expect(builder.constant(1, [], "boolean")).not.toBe(builder.constant(1, [], "real"));
  });

  it("gives one input per name, of one shape", () => {
    expect(builder.input("x", [2, 3, 4])).toBe(x);
    expect(() => builder.input("x", [4])).toThrow(
      'the graph\'s input "x" has shape [2,3,4], asked for again as [4]',
    );
  });
});
