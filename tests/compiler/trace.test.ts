import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { array, ndArray } from "../../src/compiler/nd-array.js";
import { type NamedTensors, type TracedResults, trace } from "../../src/compiler/trace/trace.js";
import { evaluate } from "../laws/programs.js";

const { Float32Array: originalFloat32Array } = globalThis;
const originalAssign = tf.Variable.prototype.assign;

beforeAll(() => tf.setBackend("cpu"));

/** Nothing that tracing replaces may stay replaced. */
afterEach(() => {
  expect(tf.getBackend()).toBe("cpu");
  expect(globalThis.Float32Array).toBe(originalFloat32Array);
  expect(tf.Variable.prototype.assign).toBe(originalAssign);
  expect(Array.from(tf.tanh([0.5]).dataSync())).toBeAllclose([Math.tanh(0.5)], { relative: 1e-6 });
});

const traced = (run: (read: NamedTensors) => unknown) =>
  trace({ inputs: { x: [2, 3] }, scalars: ["t"] }, run as (read: NamedTensors) => TracedResults);
const output = (y: tf.Tensor): TracedResults => ({ outputs: { y } });

describe("tracing", () => {
  it("keeps numbers in the function as the doubles that they are", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const graph = traced(() => ({
          outputs: {
            scalar: tf.scalar(value),
            list: tf.tensor1d([value, 1 - value]),
            filled: tf.fill([2], value),
            nested: tf.tensor([[value], [0.161]]),
          },
        }));
        const { outputs } = evaluate(graph, {
          inputs: {
            x: array([
              [1, 2, 3],
              [4, 5, 6],
            ]),
          },
          scalars: { t: 0 },
        });
        expect(outputs.scalar.data[0]).toBe(value);
        expect(outputs.list.data).toEqual(Float64Array.of(value, 1 - value));
        expect(outputs.filled.data).toEqual(Float64Array.of(value, value));
        expect(outputs.nested.data).toEqual(Float64Array.of(value, 0.161));
      }),
    );
  });

  it("keeps numbers that meet a tensor exact", () => {
    const graph = traced(({ t }) => ({
      readouts: { product: tf.mul(t, 0.161), clipped: tf.clipByValue(t, 0.1, 0.2) },
    }));
    const { readouts } = evaluate(graph, {
      inputs: {
        x: array([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      },
      scalars: { t: 1 },
    });
    expect(readouts).toEqual({ product: 0.161, clipped: 0.2 });
  });

  it("takes an array as it is when it is used, not as it was made", () => {
    const graph = traced(() => {
      const data = new Float32Array([1, 2]);
      data[0] = 5;
      return { outputs: { y: tf.tensor1d(data) } };
    });
    const { y } = evaluate(graph, {
      inputs: {
        x: array([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      },
      scalars: { t: 0 },
    }).outputs;
    expect(y).toBeAllclose([5, 2]);
  });

  it("records tensors from outside as constants, and leaves them usable", () => {
    const outside = tf.tensor1d([1, 2, 3]);
    const variable = tf.variable(tf.tensor1d([10, 20, 30]));
    const copy = variable.clone();
    const graph = traced(({ x }) => output(tf.add(tf.mul(x, outside), copy)));
    variable.assign(tf.zeros([3]));
    const { y } = evaluate(graph, {
      inputs: {
        x: array([
          [1, 1, 1],
          [2, 2, 2],
        ]),
      },
      scalars: { t: 0 },
    }).outputs;
    expect(y).toBeAllclose([
      [11, 22, 33],
      [12, 24, 36],
    ]);
    expect(Array.from(outside.dataSync())).toEqual([1, 2, 3]);
    expect(Array.from(variable.dataSync())).toEqual([0, 0, 0]);
  });

  it("allows tidy, dispose, keep, clone, and values of constants", () => {
    const graph = traced(({ x }) => {
      let three = tf.scalar(0);
      const y = tf.tidy(() => {
        const unused = tf.exp(x);
        unused.dispose();
        three = tf.keep(tf.scalar(3));
        return tf.clone(tf.mul(x, three.dataSync()[0]));
      });
      return output(tf.add(tf.sub(tf.add(y, three), `${three}`.includes("3") ? three : 0), tf.range(0, 3)));
    });
    const { y } = evaluate(graph, {
      inputs: {
        x: array([
          [1, 1, 1],
          [2, 2, 2],
        ]),
      },
      scalars: { t: 0 },
    }).outputs;
    expect(y).toBeAllclose([
      [3, 4, 5],
      [6, 7, 8],
    ]);
  });

  it("computes what is made of constants once, so that its value can be read", () => {
    const list = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    traced(({ x }) => {
      expect(tf.cumsum(list, 1).arraySync()).toEqual([
        [1, 3, 6],
        [4, 9, 15],
      ]);
      expect(tf.sum(tf.gather(list, tf.tensor1d([2, 0], "int32"), 1)).dataSync()[0]).toBe(14);
      expect(tf.argMax(list, 1).arraySync()).toEqual([2, 2]);
      return output(x);
    });
  });

  it("computes operations without a rule on constants", () => {
    const graph = traced(({ x }) => output(tf.add(x, tf.topk(tf.tensor1d([1, 3, 2]), 3).values)));
    const { y } = evaluate(graph, {
      inputs: {
        x: array([
          [0, 0, 0],
          [1, 1, 1],
        ]),
      },
      scalars: { t: 0 },
    }).outputs;
    expect(y).toBeAllclose([
      [3, 2, 1],
      [4, 3, 2],
    ]);
  });

  it("may happen within tracing", () => {
    const inner = () => trace({ inputs: { a: [2] } }, ({ a }) => ({ outputs: { b: tf.mul(a, 0.1) } }));
    let nested: ReturnType<typeof inner> | undefined;
    const graph = traced(({ x }) => {
      const y = tf.mul(x, 0.3);
      nested = inner();
      return output(tf.add(y, 0.7));
    });
    const { y } = evaluate(graph, {
      inputs: {
        x: array([
          [1, 1, 1],
          [2, 2, 2],
        ]),
      },
      scalars: { t: 0 },
    }).outputs;
    expect(y.data[0]).toBe(0.3 + 0.7);
    expect(nested && evaluate(nested, { inputs: { a: array([1, 2]) } }).outputs.b.data).toEqual(
      Float64Array.of(0.1, 0.2),
    );
  });

  it("leaves no tensor behind", () => {
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) traced(({ x }) => output(tf.softmax(tf.add(tf.tanh(x), tf.scalar(2)))));
    traced(({ x }) => output(tf.keep(tf.tanh(x))));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a slice", () => {
  const x = ndArray([3, 2], Float64Array.of(1, 2, 3, 4, 5, 6));

  it.each<[string, (x: tf.Tensor) => tf.Tensor, number[], number[]]>([
    ["a number for the first axis", (a) => tf.slice(a, 1, 1), [1, 2], [3, 4]],
    ["the first axis alone", (a) => tf.slice(a, [1], [2]), [2, 2], [3, 4, 5, 6]],
    ["a begin alone", (a) => tf.slice(a, [1, 1]), [2, 1], [4, 6]],
    ["what is left of an axis", (a) => tf.slice(a, [0, 1], [2, -1]), [2, 1], [2, 4]],
  ])("may be given by %s", (_, build, shape, data) => {
    const graph = trace({ inputs: { x: [3, 2] } }, (read) => ({ outputs: { y: build(read.x) } }));
    expect(evaluate(graph, { inputs: { x } }).outputs.y).toEqual(ndArray(shape, Float64Array.from(data)));
  });
});

describe("shapes that do not fit are named", () => {
  const inputs = { a: [2, 3], b: [4, 5], row: [4], stack: [3, 2, 3], other: [2, 3, 4] };

  it.each<[string, (read: NamedTensors) => tf.Tensor | tf.Tensor[], RegExp]>([
    ["matMul", ({ a, b }) => tf.matMul(a, b), /matMul: \[2,3\] times \[4,5\] has inner lengths 3 and 4/],
    [
      "matMul transposed",
      ({ a, b }) => tf.matMul(a, b, true, true),
      /\[2,3\] transposed times \[4,5\] transposed.* 2 and 5/,
    ],
    ["matMul of batches", ({ stack, other }) => tf.matMul(stack, other), /\[3\] and \[2\] do not broadcast/],
    [
      "matMul of a vector",
      ({ row, b }) => tf.matMul(row, b),
      /matMul: each factor needs at least two axes, got shape \[4\]/,
    ],
    ["add", ({ a, row }) => tf.add(a, row), /shapes \[2,3\] and \[4\] do not broadcast: 3 against 4/],
    ["where", ({ a, b }) => tf.where(tf.greater(a, 0), a, b), /2,3.*4,5/],
    ["reshape", ({ a }) => tf.reshape(a, [7]), /\[2,3\]|\(6\).*\(7\)|7/],
    [
      "concat",
      ({ a, b }) => tf.concat([a, b], 1),
      /concat: \[2,3\] and \[4,5\] differ along an axis other than axis 1/,
    ],
    ["slice", ({ a }) => tf.slice(a, [1, 1], [2, 2]), /slice: \[2,2\] from \[1,1\] is not inside \[2,3\]/],
    [
      "split",
      ({ a }) => tf.split(a, [1, 1], 1),
      /split: axis 1 of \[2,3\] does not divide into lengths 1, 1/,
    ],
    [
      "split in halves",
      ({ a }) => tf.split(a, 2, 1),
      /split: axis 1 of \[2,3\] does not divide into lengths 1.5, 1.5|evenly/,
    ],
    ["stack", ({ a, b }) => tf.stack([a, b]), /\[?1?,?2,3\]? .*4,5/],
    ["broadcastTo", ({ a }) => tf.broadcastTo(a, [2, 4]), /2,3|3/],
  ])("%s", (_, run, message) => {
    expect(() =>
      trace({ inputs }, (read) => {
        const result = run(read);
        return { outputs: { y: Array.isArray(result) ? result[0] : result } };
      }),
    ).toThrow(message);
  });
});
