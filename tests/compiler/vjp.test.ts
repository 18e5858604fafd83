import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accumulatorName, cotangentName, gradientName, vjp } from "../../src/compiler/derivatives/vjp.js";
import { array, type NdArray, zeros } from "../../src/compiler/nd-array.js";
import { type NamedTensors, trace } from "../../src/compiler/trace/trace.js";
import { expectVjpToMatchDifferences, wholeVjp, withCotangents } from "../laws/gradients.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { allTargets, evaluate, type Point, targetText } from "../laws/programs.js";

const shapes = { x: [3, 4], w: [5, 2], b: [2] };

/** A dense layer on [x, t], with its mean square as readout. */
const layer = trace({ inputs: shapes, scalars: ["t"] }, ({ x, w, b, t }) => {
  const y = tf.tanh(tf.add(tf.matMul(tf.concat([x, tf.broadcastTo(t, [3, 1])], 1), w), b));
  return { outputs: { y }, readouts: { energy: tf.mean(tf.square(y)) } };
});

function layerPoint(seed: number): Point {
  const [x, w, b] = normalArrays(Object.values(shapes), seed);
  return { inputs: { x, w, b }, scalars: { t: 0.3 } };
}

const scaled = ({ shape, data }: NdArray, factor: number): NdArray => ({
  shape,
  data: data.map((value) => factor * value),
});
const sum = (a: NdArray, b: NdArray): NdArray => ({
  shape: a.shape,
  data: a.data.map((value, i) => value + b.data[i]),
});

describe("the gradient of a graph", () => {
  it("matches differences, for arrays, scalars, outputs and readouts together", () => {
    fc.assert(
      fc.property(anySeed, (seed) => expectVjpToMatchDifferences(layer, layerPoint(seed), seed)),
      { numRuns: 20 },
    );
  });

  it("matches differences to third order", () => {
    const small = trace({ inputs: { x: [2] } }, ({ x }) => ({
      outputs: { y: tf.softmax(tf.mul(x, tf.tanh(x))) },
    }));
    const [x] = normalArrays([[2]], 4);
    const first = withCotangents(small, { inputs: { x } }, 5);
    const second = wholeVjp(small);
    const point = withCotangents(second, first, 6);
    const third = wholeVjp(second);
    // results of other names than those of the second order, whose cotangents are inputs already
    const outputs = Object.fromEntries(Object.values(third.outputs).map((node, i) => [`third.${i}`, node]));
    expectVjpToMatchDifferences({ ...third, outputs }, point, 7);
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ["tanh", tf.tanh],
    ["sigmoid", tf.sigmoid],
    ["exp", (x) => tf.div(tf.sub(tf.exp(x), 1), tf.add(tf.exp(x), 1))],
    ["softmax", (x) => tf.softmax(x)],
    ["logSoftmax", (x) => tf.logSoftmax(x)],
    ["pow", (x) => tf.pow(tf.add(tf.square(x), 1), x)],
  ])("is right at second order through %s, where tfjs's own is not", (_, run) => {
    // the squared norm of a gradient: its gradient needs the second derivative
    const graph = trace({ inputs: { x: [4] } }, ({ x }) => ({
      readouts: { value: tf.sum(tf.mul(run(x), x)) },
    }));
    const gradient = vjp(graph, { of: ["value"], withRespectTo: ["x"] });
    const name = gradientName("x");
    fc.assert(
      fc.property(anySeed, (seed) => {
        const [x, direction] = normalArrays([[4], [4]], seed);
        const point = { inputs: { x }, scalars: { [cotangentName("value")]: 1 } };
        const second = vjp(gradient, { of: [name], withRespectTo: ["x"] });
        const product = evaluate(second, {
          inputs: { ...point.inputs, [cotangentName(name)]: direction },
          scalars: point.scalars,
        }).outputs[name];
        // the Hessian is symmetric: its product with a direction is the derivative of the gradient along it
        const h = 1e-5;
        const along = (step: number): NdArray =>
          evaluate(gradient, { ...point, inputs: { x: sum(x, scaled(direction, step)) } }).outputs[name];
        const difference = scaled(sum(along(h), scaled(along(-h), -1)), 1 / (2 * h));
        expect(product).toBeAllclose(difference, { relative: 1e-6, absolute: 1e-7 });
      }),
      { numRuns: 20 },
    );
  });

  it("is linear in the cotangent", () => {
    const gradient = vjp(layer, { of: ["y"], withRespectTo: ["x", "w", "b", "t"] });
    const at = (point: Point, cotangent: NdArray) =>
      evaluate(gradient, { ...point, inputs: { ...point.inputs, [cotangentName("y")]: cotangent } }).outputs;
    fc.assert(
      fc.property(anySeed, fc.integer({ min: -3, max: 3 }), (seed, factor) => {
        const point = layerPoint(seed);
        const [c, d] = normalArrays(
          [
            [3, 2],
            [3, 2],
          ],
          seed + 1,
        );
        const [atC, atD, atBoth] = [at(point, c), at(point, d), at(point, sum(scaled(c, factor), d))];
        for (const name of Object.keys(atBoth)) {
          expect(atBoth[name]).toBeAllclose(sum(scaled(atC[name], factor), atD[name]), { absolute: 1e-12 });
        }
      }),
    );
  });

  it("of several results is the sum of those of each", () => {
    const names = { withRespectTo: ["x", "w"] };
    const [both, output, readout] = [["y", "energy"], ["y"], ["energy"]].map((of) =>
      vjp(layer, { of, ...names }),
    );
    const point = withCotangents(layer, layerPoint(1), 2);
    for (const name of ["x", "w"].map(gradientName)) {
      const parts = sum(evaluate(output, point).outputs[name], evaluate(readout, point).outputs[name]);
      expect(evaluate(both, point).outputs[name]).toBeAllclose(parts, { absolute: 1e-12 });
    }
  });

  it("is zero for an input without influence, and through what has no slope", () => {
    const graph = trace({ inputs: { x: [3], unused: [2, 2] }, scalars: ["s"] }, ({ x }) => ({
      outputs: { y: tf.add(tf.floor(x), tf.cast(tf.greater(x, 0), "float32")) },
    }));
    const gradient = vjp(graph, { of: ["y"], withRespectTo: ["x", "unused", "s"] });
    const [x, unused, cotangent] = normalArrays([[3], [2, 2], [3]], 1);
    const point = { inputs: { x, unused, [cotangentName("y")]: cotangent }, scalars: { s: 2 } };
    for (const target of allTargets) {
      const { outputs } = evaluate(gradient, point, target);
      expect(outputs[gradientName("x")]).toEqual(expect.objectContaining({ shape: [3] }));
      expect(outputs[gradientName("x")]).toBeAllclose(zeros([3]));
      expect(outputs[gradientName("unused")]).toBeAllclose(zeros([2, 2]));
      expect(outputs[gradientName("s")]).toBeAllclose(0);
    }
  });

  it("sums over what an operand was repeated along", () => {
    const graph = trace({ inputs: { row: [4], column: [3, 1], s: [] } }, ({ row, column, s }) => ({
      outputs: { y: tf.add(tf.add(tf.broadcastTo(row, [2, 3, 4]), column), s) },
    }));
    const [row, column, s, cotangent] = normalArrays([[4], [3, 1], [], [2, 3, 4]], 1);
    const { outputs } = evaluate(wholeVjp(graph), {
      inputs: { row, column, s, [cotangentName("y")]: cotangent },
    });
    const expected = { row: new Float64Array(4), column: new Float64Array(3), s: new Float64Array(1) };
    cotangent.data.forEach((value, i) => {
      expected.row[i % 4] += value;
      expected.column[Math.floor(i / 4) % 3] += value;
      expected.s[0] += value;
    });
    expect(outputs[gradientName("row")]).toBeAllclose({ shape: [4], data: expected.row });
    expect(outputs[gradientName("column")]).toBeAllclose({ shape: [3, 1], data: expected.column });
    expect(outputs[gradientName("s")]).toBeAllclose({ shape: [], data: expected.s });
  });

  it("gives the cotangent of a larger or smaller element to the first at ties, as tfjs does", () => {
    const graph = trace({ inputs: { x: [3], z: [3] } }, ({ x, z }) => ({
      outputs: { larger: tf.maximum(x, z), smaller: tf.minimum(x, z) },
    }));
    const gradient = (of: string, cotangent: NdArray) => {
      const point = { inputs: { x: array([1, 2, 2]), z: array([1, 1, 3]), [cotangentName(of)]: cotangent } };
      const { outputs } = evaluate(vjp(graph, { of: [of], withRespectTo: ["x", "z"] }), point);
      return [outputs[gradientName("x")].data, outputs[gradientName("z")].data].map((data) =>
        Array.from(data),
      );
    };
    expect(gradient("larger", array([1, 1, 1]))).toEqual([
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(gradient("smaller", array([1, 1, 1]))).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
  });
});

describe("vjp", () => {
  it("adds to the running sums it is asked to accumulate, on every target", () => {
    const options = { of: ["y", "energy"], withRespectTo: ["x", "w", "b", "t"] };
    const plain = vjp(layer, options);
    const summing = vjp(layer, { ...options, accumulate: ["w", "t"] });
    const point = withCotangents(layer, layerPoint(3), 4);
    const [w, t] = normalArrays([shapes.w, []], 5);
    const running = {
      ...point,
      inputs: { ...point.inputs, [accumulatorName("w")]: w, [accumulatorName("t")]: t },
    };
    const expected = evaluate(plain, point).outputs;
    for (const target of allTargets) {
      const { outputs } = evaluate(summing, running, target);
      const close = { relative: 1e-5, absolute: 1e-5 };
      expect(outputs[gradientName("w")], targetText(target)).toBeAllclose(
        sum(expected[gradientName("w")], w),
        close,
      );
      expect(outputs[gradientName("t")]).toBeAllclose(sum(expected[gradientName("t")], t), close);
      expect(outputs[gradientName("x")]).toBeAllclose(expected[gradientName("x")], close);
    }
  });

  it("keeps the results it is asked to keep, and no others", () => {
    const point = withCotangents(layer, layerPoint(6), 7);
    const results = evaluate(layer, point);
    const gradient = vjp(layer, { of: ["y"], withRespectTo: ["x"], keep: ["y", "energy"] });
    const kept = evaluate(gradient, point);
    expect(kept.outputs.y).toBeAllclose(results.outputs.y);
    expect(kept.readouts.energy).toBeAllclose(results.readouts.energy);
    const bare = vjp(layer, { of: ["y"], withRespectTo: ["x"] });
    expect([...Object.keys(bare.outputs), ...Object.keys(bare.readouts)]).toEqual([gradientName("x")]);
  });

  it("takes the inputs of the graph, running sums, cotangents, in this order", () => {
    const gradient = vjp(layer, { of: ["energy", "y"], withRespectTo: ["w"], accumulate: ["w"] });
    const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);
    expect(names(gradient.inputs)).toEqual(["x", "w", "b", accumulatorName("w"), cotangentName("y")]);
    expect(names(gradient.scalars)).toEqual(["t", cotangentName("energy")]);
  });

  it("names what the graph does not have, and inputs that it has already", () => {
    expect(() => vjp(layer, { of: ["z"], withRespectTo: ["x"] })).toThrow(
      'the graph has no output or readout "z"',
    );
    expect(() => vjp(layer, { of: ["y"], withRespectTo: ["q"] })).toThrow('the graph has no input "q"');
    const first = vjp(layer, { of: ["y"], withRespectTo: ["x"], keep: ["y"] });
    expect(() => vjp(first, { of: ["y"], withRespectTo: ["x"] })).toThrow(
      'already has an input "cotangent.y"',
    );
  });

  it("does not change the graph it is taken of", () => {
    const point = layerPoint(8);
    const run = ({ x }: NamedTensors) => ({ outputs: { y: tf.tanh(x) } });
    const graph = trace({ inputs: { x: [3, 4] } }, run);
    const before = evaluate(graph, point).outputs.y;
    vjp(graph, { of: ["y"], withRespectTo: ["x"] });
    expect(evaluate(graph, point).outputs.y).toBeAllclose(before, { relative: 0, absolute: 0 });
    expect(Object.keys(graph.outputs)).toEqual(["y"]);
  });
});
