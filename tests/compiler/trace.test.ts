import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { array } from "../../src/compiler/nd-array.js";
import { type NamedTensors, type TracedResults, trace } from "../../src/compiler/trace/trace.js";
import { TraceError } from "../../src/compiler/trace/trace-error.js";
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

  it("records tensors and variables from outside as constants, and leaves them usable", () => {
    const outside = tf.tensor1d([1, 2, 3]);
    const variable = tf.variable(tf.tensor1d([10, 20, 30]));
    const graph = traced(({ x }) => output(tf.add(tf.mul(x, outside), variable)));
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
      const y = tf.tidy(() => {
        const unused = tf.exp(x);
        unused.dispose();
        return tf.clone(tf.mul(x, tf.scalar(3).dataSync()[0]));
      });
      return output(tf.add(y, tf.range(0, 3)));
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

  it("computes operations without a rule on constants", () => {
    const graph = traced(({ x }) => output(tf.add(x, tf.cumsum(tf.tensor1d([1, 2, 3])))));
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
      [1, 3, 6],
      [2, 4, 7],
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
    expect(() => traced(({ x }) => tf.tanh(x).dataSync())).toThrow(TraceError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("what cannot be traced", () => {
  const disposed = () => {
    const tensor = tf.tensor1d([1, 2, 3]);
    tensor.dispose();
    return tensor;
  };
  const matrix = (x: tf.Tensor) => tf.reshape(x, [1, 2, 3, 1]) as tf.Tensor4D;

  it.each<[string, (read: NamedTensors) => unknown, RegExp]>([
    [
      "reading a value",
      ({ x }) => output(tf.mul(x, x.dataSync()[0])),
      /reads the value of a tensor of shape \[2,3\].*use tf\.where/,
    ],
    [
      "reading nested values",
      ({ x }) => output(tf.tensor(tf.tanh(x).arraySync())),
      /reads the value of a tensor of shape \[2,3\]/,
    ],
    [
      "branching on a value",
      ({ x, t }) => (t.dataSync()[0] > 0 ? output(x) : output(tf.neg(x))),
      /reads the value of a tensor of shape \[\]/,
    ],
    ["an asynchronous function", async ({ x }) => output(x), /must be synchronous.*remove async and await/],
    ["an asynchronous read", async ({ x }) => output(tf.mul(x, (await x.data())[0])), /must be synchronous/],
    [
      "assigning a variable",
      ({ x }) => {
        tf.variable(tf.zeros([2, 3])).assign(x);
      },
      /assigns a tf\.Variable; return the new value/,
    ],
    [
      "a convolution",
      ({ x }) => output(tf.conv2d(matrix(x), tf.ones([1, 1, 1, 1]), 1, "same")),
      /operation Conv2D has no tracing rule/,
    ],
    ["the largest k", ({ x }) => output(tf.topk(x, 2).values), /operation TopK has no tracing rule/],
    ["an index of a maximum", ({ x }) => output(tf.argMax(x)), /operation ArgMax has no tracing rule/],
    ["complex numbers", ({ x }) => output(tf.complex(x, x)), /Complex|complex64/],
    [
      "a disposed tensor",
      ({ x }) => output(tf.add(x, disposed())),
      /disposed tensor of shape \[3\]|Tensor is disposed/,
    ],
    [
      "returning nothing",
      () => {},
      /must return \{ outputs, readouts \}, got undefined \(is a return missing\?\)/,
    ],
    [
      "returning a tensor",
      ({ x }) => x,
      /must return \{ outputs, readouts \}, got a tensor of shape \[2,3\]/,
    ],
    ["returning a number", () => 3, /must return \{ outputs, readouts \}, got the number 3/],
    [
      "an output that is a number",
      () => ({ outputs: { y: 3 } }),
      /must return tensors, but "y" is the number 3/,
    ],
    [
      "an output that is missing",
      () => ({ outputs: { y: undefined } }),
      /"y" is undefined \(is a return missing\?\)/,
    ],
    [
      "a readout that is an array",
      ({ x }) => ({ readouts: { x } }),
      /the readout "x" must be a scalar, got \[2,3\]/,
    ],
    [
      "a name given twice",
      ({ t }) => ({ outputs: { t }, readouts: { t } }),
      /"t" names both an output and a readout/,
    ],
    [
      "an activation",
      ({ x }) => output(tf.fused.matMul({ a: x as tf.Tensor2D, b: tf.ones([3, 2]), activation: "elu" })),
      /activation "elu" cannot be traced/,
    ],
  ])("%s is said in one sentence", (_, run, message) => {
    expect(() => traced(run)).toThrow(message);
    try {
      traced(run);
    } catch (error) {
      expect((error as Error).message).not.toContain("\n");
    }
  });

  it("a name for both an input and a scalar is said", () => {
    expect(() => trace({ inputs: { t: [] }, scalars: ["t"] }, ({ t }) => output(t))).toThrow(
      '"t" names both an input and a scalar; rename one of them',
    );
  });

  it("a tensor of another trace is said", () => {
    let stolen: tf.Tensor | undefined;
    traced(({ x }) => {
      stolen = x;
      return output(x);
    });
    expect(() => traced(({ x }) => output(tf.add(x, stolen as tf.Tensor)))).toThrow();
    expect(() =>
      traced(({ x }) => {
        trace({ inputs: { a: [2, 3] } }, ({ a }) => output(tf.add(a, x)));
        return output(x);
      }),
    ).toThrow("a tensor of shape [2,3] that belongs to another trace; make it an input");
  });

  it("an error of the author's own comes through unchanged", () => {
    const own = new Error("mine");
    expect(() =>
      traced(() => {
        throw own;
      }),
    ).toThrow(own);
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
