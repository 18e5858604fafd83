import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accumulatorName, cotangentName, vjp } from "../../../src/compiler/derivatives/vjp.js";
import { array, ndArray } from "../../../src/compiler/nd-array.js";
import { wasmTarget } from "../../../src/compiler/targets/wasm/wasm-target.js";
import { trace } from "../../../src/compiler/trace/trace.js";
import { anySeed, normalArrays } from "../../laws/numbers.js";
import { evaluate } from "../../laws/programs.js";

const precisions = ["float64", "float32"] as const;

describe.each(precisions)("values of the wasm target in %s", (precision) => {
  const target = wasmTarget({ precision });

  it("are copies: what the caller has does not change with them", () => {
    const mine = ndArray([3], Float64Array.of(1, 2, 3));
    const value = target.put(mine);
    mine.data[0] = 7;
    const got = target.get(value);
    expect(Array.from(got.data)).toEqual([1, 2, 3]);
    got.data[1] = 8;
    expect(Array.from(target.get(value).data)).toEqual([1, 2, 3]);
    target.free(value);
    expect(Array.from(got.data)).toEqual([1, 8, 3]);
  });

  it("survive the growth of the memory", () => {
    const first = target.put(array([1, 2, 3]));
    const many = Array.from({ length: 20 }, (_, i) =>
      target.put(ndArray([50_000], new Float64Array(50_000).fill(i))),
    );
    expect(Array.from(target.get(first).data)).toEqual([1, 2, 3]);
    many.forEach((value, i) => {
      expect(new Set(target.get(value).data)).toEqual(new Set([i]));
      target.free(value);
    });
    target.free(first);
  });

  it("refuse to be used after they were freed, or on another target", () => {
    const program = target.compile(trace({ inputs: { x: [2] } }, ({ x }) => ({ outputs: { y: tf.neg(x) } })));
    const run = (value: typeof freed) => program.run([value], new Float64Array(0), new Float64Array(0));
    const freed = target.put(array([1, 2]));
    target.free(freed);
    const message = "a value of shape [2] is used after it was freed";
    for (const use of [run, target.get, target.free]) expect(() => use(freed)).toThrow(message);
    const foreign = wasmTarget({ precision }).put(array([1, 2]));
    for (const use of [run, target.get])
      expect(() => use(foreign)).toThrow(/\[2\] belongs to another target/);
    program.dispose();
  });
});

describe.each(precisions)("programs of the wasm target in %s", (precision) => {
  const target = wasmTarget({ precision });

  it("write over what they returned before, when asked to, as if it were new", () => {
    const reads = { inputs: { x: [3], y: [3] }, scalars: ["a"] };
    const program = target.compile(
      trace(reads, ({ x, y, a }) => ({
        outputs: { sum: tf.add(x, tf.mul(a, y)), product: tf.mul(x, y) },
        readouts: { total: tf.sum(y) },
      })),
    );
    fc.assert(
      fc.property(anySeed, fc.integer({ min: -9, max: 9 }), (seed, a) => {
        const values = normalArrays([[3], [3]], seed).map(target.put);
        const [readout, again] = [new Float64Array(1), new Float64Array(1)];
        const expected = program.run(values, Float64Array.of(a), readout);
        const results = program.run([...values].reverse(), Float64Array.of(a + 1), again);
        program.runInto?.(results, values, Float64Array.of(a), again);
        expect(results.map(target.get)).toEqual(expected.map(target.get));
        expect(again).toEqual(readout);
        for (const value of [...values, ...expected, ...results]) target.free(value);
        expect(() => program.runInto?.(results, values, readout, again)).toThrow("used after it was freed");
      }),
    );
    program.dispose();
  });

  it("carry NaN and infinities through maxima, minima, sums and comparisons, wherever they stand", () => {
    const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0);
    const anyRow = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), special), {
      minLength: 1,
      maxLength: 25,
    });
    fc.assert(
      fc.property(anyRow, (row) => {
        const graph = trace({ inputs: { x: [1, row.length] } }, ({ x }) => ({
          outputs: {
            relu: tf.relu(x),
            sign: tf.sign(x),
            larger: tf.maximum(x, 1),
            chosen: tf.where(tf.greaterEqual(x, 0), x, tf.neg(x)),
            column: tf.max(tf.transpose(x), 1),
          },
          readouts: { max: tf.max(x), min: tf.min(x), sum: tf.sum(x) },
        }));
        const point = { inputs: { x: ndArray([1, row.length], Float64Array.from(row)) } };
        const expected = evaluate(graph, point);
        const actual = evaluate(graph, point, target);
        const numbers = ({ outputs, readouts }: typeof actual) => [
          ...Object.values(outputs).map(({ data }) => Array.from(data, (number) => number + 0)),
          Object.values(readouts).map((number) => number + 0),
        ];
        expect(numbers(actual)).toEqual(numbers(expected));
      }),
    );
  });

  it("run again with other numbers as if for the first time", () => {
    const shapes = { x: [7, 9], w: [9, 9] };
    const graph = trace({ inputs: shapes }, ({ x, w }) => {
      const y = tf.tanh(tf.matMul(tf.tanh(tf.matMul(x, w)), w));
      return { outputs: { y, total: tf.sum(y, 0) }, readouts: { largest: tf.max(y) } };
    });
    const gradient = vjp(graph, { of: ["y", "total"], withRespectTo: ["x", "w"], accumulate: ["w"] });
    const program = target.compile(gradient);
    const inputShapes = gradient.inputs.map(({ shape }) => shape);
    const runOnce = (seed: number, own = program) => {
      const values = normalArrays(inputShapes, seed).map((numbers) => target.put(numbers));
      const results = own.run(values, new Float64Array(0), new Float64Array(0));
      const arrays = results.map((result) => target.get(result));
      for (const value of [...values, ...results]) target.free(value);
      return arrays;
    };
    fc.assert(
      fc.property(anySeed, anySeed, (one, other) => {
        const first = runOnce(one);
        runOnce(other);
        expect(runOnce(one)).toEqual(first);
        const fresh = target.compile(gradient);
        expect(runOnce(one, fresh)).toEqual(first);
        fresh.dispose();
      }),
      { numRuns: 10 },
    );
    program.dispose();
  });

  it("add to running sums what they add to zero", () => {
    const shapes = { x: [5, 6], w: [6, 6] };
    const graph = trace({ inputs: shapes }, ({ x, w }) => ({
      outputs: { y: tf.matMul(tf.matMul(tf.matMul(x, w), w), w) },
    }));
    const gradient = vjp(graph, { of: ["y"], withRespectTo: ["w"], accumulate: ["w"] });
    fc.assert(
      fc.property(anySeed, (seed) => {
        const [x, w, cotangent, start] = normalArrays([shapes.x, shapes.w, shapes.x, shapes.w], seed);
        const from = (accumulator: typeof start) => {
          const inputs = { x, w, [cotangentName("y")]: cotangent, [accumulatorName("w")]: accumulator };
          return evaluate(gradient, { inputs }, target).outputs["gradient.w"].data;
        };
        const added = from(ndArray(shapes.w, new Float64Array(36)));
        const closeness = precision === "float64" ? 1e-12 : 1e-4;
        const expected = Float64Array.from(added, (number, i) => number + start.data[i]);
        expect(Float64Array.from(from(start))).toBeAllclose(expected, {
          relative: 1e-5,
          absolute: closeness * 100,
        });
      }),
      { numRuns: 20 },
    );
  });
});
