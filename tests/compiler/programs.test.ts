import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liveNodes, resultsOf } from "../../src/compiler/graph/graph.js";
import { array } from "../../src/compiler/nd-array.js";
import { toleranceOf } from "../../src/compiler/targets/tolerance.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { anySeed, anyShape, normalArrays } from "../laws/numbers.js";
import { allTargets, evaluate, hostFunction, targetText } from "../laws/programs.js";
import { expressionGraph, expressionPoint } from "./random-expressions.js";

const targets = allTargets.map((target) => [targetText(target), target] as const);

describe.each(targets)("a program of %s", (_, target) => {
  const roundOff = { relative: target.precision === "float64" ? 0 : 6e-8, absolute: 0 };

  it("keeps arrays exactly, up to its precision", () => {
    fc.assert(
      fc.property(anyShape(), anySeed, (shape, seed) => {
        const [numbers] = normalArrays([shape], seed);
        const value = target.put(numbers);
        expect(value.shape).toEqual(shape);
        expect(target.get(value)).toBeAllclose(numbers, roundOff);
        target.free(value);
      }),
    );
  });

  it("returns what the reference returns, for random expressions", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const graph = expressionGraph(seed);
        const point = expressionPoint(seed);
        const expected = evaluate(graph, point);
        const actual = evaluate(graph, point, target);
        const { relative } = toleranceOf(target, liveNodes(resultsOf(graph)));
        const closeness = { relative: 1000 * relative, absolute: 1000 * relative };
        expect(actual.outputs.y).toBeAllclose(expected.outputs.y, closeness);
        expect(actual.readouts.sum).toBeAllclose(expected.readouts.sum, closeness);
      }),
      { numRuns: 40 },
    );
  });

  it("returns outputs that are inputs, scalars, constants, views or each other", () => {
    const graph = trace({ inputs: { x: [2, 2] }, scalars: ["s"] }, ({ x, s }) => {
      const y = tf.tanh(x);
      const table = tf.tensor2d([
        [1, 2],
        [3, 4],
      ]);
      return {
        outputs: {
          x,
          again: x,
          row: tf.reshape(x, [4]),
          s,
          one: tf.ones([3]),
          table,
          y,
          same: y,
          view: tf.reshape(y, [4, 1]),
        },
        readouts: {
          sRead: s,
          sAgain: s,
          two: tf.scalar(2),
          corner: tf.reshape(tf.slice(y, [1, 1], [1, 1]), []),
        },
      };
    });
    const x = array([
      [0.5, -0.25],
      [1, 2],
    ]);
    const { outputs, readouts } = evaluate(graph, { inputs: { x }, scalars: { s: 0.75 } }, target);
    const close = { relative: 1e-6 };
    expect(outputs.x).toBeAllclose(x);
    expect(outputs.again).toBeAllclose(x);
    expect(outputs.row).toBeAllclose([0.5, -0.25, 1, 2]);
    expect(outputs.s).toBeAllclose(0.75);
    expect(outputs.one).toBeAllclose([1, 1, 1]);
    expect(outputs.table).toBeAllclose([
      [1, 2],
      [3, 4],
    ]);
    const tanhs = [0.5, -0.25, 1, 2].map(Math.tanh);
    expect(outputs.y.shape).toEqual([2, 2]);
    expect(Array.from(outputs.y.data)).toBeAllclose(tanhs, close);
    expect(outputs.same).toBeAllclose(outputs.y);
    expect(outputs.view).toBeAllclose(
      tanhs.map((value) => [value]),
      close,
    );
    expect(readouts).toMatchObject({ sRead: 0.75, sAgain: 0.75, two: 2 });
    expect(readouts.corner).toBeAllclose(Math.tanh(2), close);
  });

  it("reads numbers back that were computed early", () => {
    const graph = trace({ inputs: { x: [5] } }, ({ x }) => {
      const first = tf.sum(x);
      const later = tf.sum(tf.square(tf.add(x, first)));
      const last = tf.sum(tf.tanh(tf.sub(x, tf.max(tf.mul(x, later)))));
      return { readouts: { first, later, last }, outputs: { y: tf.add(last, tf.sum(tf.exp(x))) } };
    });
    const { readouts } = evaluate(graph, { inputs: { x: array([1, -2, 3, -4, 5]) } }, target);
    expect(readouts.first).toBe(3);
    expect(readouts.later).toBe(16 + 1 + 36 + 1 + 64);
    expect(readouts.last).toBe(-5);
  });

  it("returns values that stay as they are when the program runs again", () => {
    const graph = trace({ inputs: { x: [3] } }, ({ x }) => ({ outputs: { same: x, next: tf.add(x, 1) } }));
    const program = target.compile(graph);
    const run = (numbers: number[]) =>
      program.run([target.put(array(numbers))], new Float64Array(0), new Float64Array(0));
    const first = run([1, 2, 3]);
    run([10, 20, 30]);
    expect(target.get(first[0])).toBeAllclose([1, 2, 3]);
    expect(target.get(first[1])).toBeAllclose([2, 3, 4]);
    program.dispose();
  });

  it("does not change its inputs, and feeds on its own outputs", () => {
    const graph = trace({ inputs: { x: [2] }, scalars: ["h"] }, ({ x, h }) => ({
      outputs: { x: tf.add(x, tf.mul(h, x)) },
    }));
    const program = target.compile(graph);
    const start = target.put(array([1, 2]));
    let value = start;
    for (let step = 0; step < 3; step++)
      [value] = program.run([value], Float64Array.of(1), new Float64Array(0));
    expect(target.get(value)).toBeAllclose([8, 16]);
    expect(target.get(start)).toBeAllclose([1, 2]);
    program.dispose();
  });

  it("takes inputs and scalars that nothing depends on, and may take none", () => {
    const graph = trace({ inputs: { x: [2], unused: [3] }, scalars: ["t", "s"] }, ({ x, s }) => ({
      outputs: { y: tf.mul(x, s) },
    }));
    const point = { inputs: { x: array([1, 2]), unused: array([0, 0, 0]) }, scalars: { t: 5, s: 3 } };
    expect(evaluate(graph, point, target).outputs.y).toBeAllclose([3, 6]);
    const constant = trace({ inputs: {} }, () => ({
      outputs: { y: tf.zeros([2]) },
      readouts: { r: tf.scalar(4) },
    }));
    const results = evaluate(constant, { inputs: {} }, target);
    expect(results.outputs.y).toBeAllclose([0, 0]);
    expect(results.readouts.r).toBe(4);
  });

  it("keeps names apart, whatever they are", () => {
    const names = ["n0", "n1", "k0", "k1", "b0", "r0", "v0", "s", "result.y", "y", "input.y", "a b"];
    const inputs = Object.fromEntries(names.map((name) => [name, [2]]));
    const graph = trace({ inputs }, (read) => ({
      outputs: Object.fromEntries(names.map((name, i) => [name, tf.tanh(tf.add(read[name], i))])),
    }));
    const point = { inputs: Object.fromEntries(names.map((name) => [name, array([0, 1])])) };
    const { outputs } = evaluate(graph, point, target);
    names.forEach((name, i) => {
      expect(outputs[name], name).toBeAllclose([Math.tanh(i), Math.tanh(i + 1)], { relative: 1e-6 });
    });
  });

  it("returns integers and booleans as reals", () => {
    const graph = trace({ inputs: { x: [3] } }, ({ x }) => ({
      outputs: { truncated: tf.cast(x, "int32"), positive: tf.greater(x, 0) },
      readouts: { count: tf.sum(tf.greater(x, 0)) },
    }));
    const { outputs, readouts } = evaluate(graph, { inputs: { x: array([-1.5, 0.5, 2.5]) } }, target);
    expect(outputs.truncated).toBeAllclose([-1, 0, 2]);
    expect(outputs.positive).toBeAllclose([0, 1, 1]);
    expect(readouts.count).toBe(2);
  });

  it("handles arrays of many axes and large ones", () => {
    const shape = [2, 1, 3, 2, 1, 2, 2];
    const graph = trace({ inputs: { x: shape, y: [3000] } }, ({ x, y }) => ({
      outputs: {
        turned: tf.add(tf.transpose(x, [6, 5, 4, 3, 2, 1, 0]), 1),
        pushed: tf.add(tf.fill([3000], 2), tf.mul(y, tf.ones([3000]))),
      },
    }));
    const [x, y] = normalArrays([shape, [3000]], 1);
    const expected = evaluate(graph, { inputs: { x, y } }).outputs;
    const { outputs } = evaluate(graph, { inputs: { x, y } }, target);
    expect(outputs.turned).toBeAllclose(expected.turned, { relative: 1e-6, absolute: 1e-6 });
    expect(outputs.pushed).toBeAllclose(expected.pushed, { relative: 1e-6, absolute: 1e-6 });
    expect(Array.from(outputs.turned.data, (value) => value - 1).sort()).toBeAllclose(
      Array.from(x.data).sort(),
      {
        absolute: 1e-5,
      },
    );
  });

  it("lets NaN and infinity be seen", () => {
    const functions: Record<string, (x: tf.Tensor) => tf.Tensor> = {
      tanh: tf.tanh,
      relu: tf.relu,
      softplus: tf.softplus,
      sigmoid: tf.sigmoid,
      maximum: (x) => tf.maximum(x, 0),
      minimum: (x) => tf.minimum(0, x),
      clip: (x) => tf.clipByValue(x, -1, 1),
      abs: tf.abs,
      sign: tf.sign,
      sum: (x) => tf.sum(x),
      max: (x) => tf.max(x),
      squareOfRoot: (x) => tf.square(tf.sqrt(tf.sub(x, 1))),
      matMul: (x) => tf.matMul(tf.reshape(x, [1, 2]), tf.ones([2, 2])),
      softmax: (x) => tf.softmax(x),
    };
    for (const [name, run] of Object.entries(functions)) {
      const graph = trace({ inputs: { x: [2] } }, ({ x }) => ({ outputs: { y: run(x) } }));
      const { y } = evaluate(graph, { inputs: { x: array([Number.NaN, 0.5]) } }, target).outputs;
      expect(Number.isNaN(y.data[0]), name).toBe(true);
    }
    const overflow = trace({ inputs: { x: [1] } }, ({ x }) => ({ outputs: { y: tf.exp(tf.square(x)) } }));
    const { y } = evaluate(overflow, { inputs: { x: array([100]) } }, target).outputs;
    expect(y.data[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it("runs a source of any length", () => {
    const graph = trace({ inputs: { x: [4, 4] } }, ({ x }) => {
      let y = x;
      for (let i = 0; i < 300; i++) y = tf.tanh(tf.add(tf.matMul(y, x), i % 7));
      return { outputs: { y } };
    });
    const [x] = normalArrays([[4, 4]], 2);
    const run = hostFunction(graph, target);
    const { y } = run.evaluate({ inputs: { x } }).outputs;
    expect(y).toBeAllclose(evaluate(graph, { inputs: { x } }).outputs.y, { relative: 1e-4, absolute: 1e-4 });
    run.dispose();
  });
});
