import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jvp, tangentName } from "../../src/compiler/derivatives/jvp.js";
import type { Graph } from "../../src/compiler/graph/graph.js";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { sizeOf } from "../../src/compiler/shape.js";
import { solveLinear } from "../../src/compiler/trace/solve-linear.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { expectVjpToMatchDifferences, wholeVjp, withCotangents } from "../laws/gradients.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { allTargets, evaluate, targetText } from "../laws/programs.js";

interface Sizes {
  readonly batch: readonly number[];
  readonly n: number;
  readonly m: number;
}

const sizes: fc.Arbitrary<Sizes> = fc.record({
  batch: fc.constantFrom([], [2], [3, 1]),
  n: fc.integer({ min: 1, max: 6 }),
  m: fc.integer({ min: 1, max: 3 }),
});

const graphOf = ({ batch, n, m }: Sizes): Graph =>
  trace({ inputs: { a: [...batch, n, n], b: [...batch, n, m] } }, ({ a, b }) => ({
    outputs: { x: solveLinear(a, b), transposed: solveLinear(tf.add(a, 0.1), tf.sin(b)) },
  }));

/** Random systems that are far from singular: the diagonal outweighs the rest. */
function systems({ batch, n, m }: Sizes, seed: number): Record<"a" | "b", NdArray> {
  const [noise, b] = normalArrays(
    [
      [...batch, n, n],
      [...batch, n, m],
    ],
    seed,
  );
  const a = noise.data.map((value, at) => value / n + (Math.floor(at / n) % n === at % n ? 3 : 0));
  return { a: ndArray(noise.shape, Float64Array.from(a, Math.fround)), b };
}

const withoutSolver = new Set(["onnx"]);

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  it.skipIf(withoutSolver.has(target.name))("a times the solution is the right side", () => {
    fc.assert(
      fc.property(sizes, anySeed, (size, seed) => {
        const inputs = systems(size, seed);
        const { x } = evaluate(graphOf(size), { inputs }, target).outputs;
        const { batch, n, m } = size;
        const product = new Float64Array(inputs.b.data.length);
        for (let at = 0; at < product.length; at++) {
          const [which, row, column] = [Math.floor(at / (n * m)), Math.floor(at / m) % n, at % m];
          for (let k = 0; k < n; k++) {
            product[at] += inputs.a.data[(which * n + row) * n + k] * x.data[(which * n + k) * m + column];
          }
        }
        expect(x.shape).toEqual([...batch, n, m]);
        const digits = target.precision === "float64" ? 1e-13 : 1e-5;
        expect(ndArray(x.shape, product)).toBeAllclose(inputs.b, { relative: digits, absolute: digits });
      }),
      { numRuns: 30 },
    );
  });

  it.runIf(withoutSolver.has(target.name))("says what can solve", () => {
    expect(() => target.compile(graphOf({ batch: [], n: 2, m: 1 }))).toThrow(
      "the onnx target cannot solve linear systems; use the target wasm or javascript",
    );
  });
});

describe("the solution of a linear system", () => {
  it("has the derivatives that differences give, of first and second order", () => {
    fc.assert(
      fc.property(sizes, anySeed, (size, seed) => {
        const graph = graphOf(size);
        const point = { inputs: systems(size, seed) };
        expectVjpToMatchDifferences(graph, point, seed);
        if (sizeOf(graph.inputs[0].shape) < 20) {
          expectVjpToMatchDifferences(wholeVjp(graph), withCotangents(graph, point, seed), seed);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("has the tangent of which the gradient is the transpose", () => {
    fc.assert(
      fc.property(sizes, anySeed, (size, seed) => {
        const graph = graphOf(size);
        const inputs = systems(size, seed);
        const [ofA, ofB, weights] = normalArrays([inputs.a.shape, inputs.b.shape, inputs.b.shape], seed + 1);
        const forwards = jvp(graph, { of: ["x"], withRespectTo: ["a", "b"] });
        const tangents = { [tangentName("a")]: ofA, [tangentName("b")]: ofB };
        const change = evaluate(forwards, { inputs: { ...inputs, ...tangents } }).outputs[tangentName("x")];
        const cotangents = {
          "cotangent.x": weights,
          "cotangent.transposed": ndArray(weights.shape, new Float64Array(weights.data.length)),
        };
        const gradients = evaluate(wholeVjp(graph), { inputs: { ...inputs, ...cotangents } }).outputs;
        const dot = (a: NdArray, b: NdArray): number =>
          Array.from(a.data, (value, i) => value * b.data[i]).reduce((x, y) => x + y, 0);
        const backwards = dot(gradients["gradient.a"], ofA) + dot(gradients["gradient.b"], ofB);
        expect(dot(weights, change)).toBeAllclose(backwards, { relative: 1e-9, absolute: 1e-9 });
      }),
      { numRuns: 30 },
    );
  });

  it("is NaN for a singular matrix", () => {
    const graph = trace({ inputs: { a: [2, 2], b: [2, 1] } }, ({ a, b }) => ({
      outputs: { x: solveLinear(a, b) },
    }));
    const inputs = {
      a: ndArray([2, 2], Float64Array.of(1, 2, 2, 4)),
      b: ndArray([2, 1], Float64Array.of(1, 1)),
    };
    expect(evaluate(graph, { inputs }).outputs.x.data).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  });

  it.each([
    [
      [2, 3],
      [2, 1],
    ],
    [
      [2, 2],
      [3, 1],
    ],
    [
      [5, 2, 2],
      [4, 2, 1],
    ],
    [[2], [2, 1]],
  ])("is refused for matrices %j and right sides %j", (a, b) => {
    const build = () =>
      trace({ inputs: { a, b } }, (read) => ({ outputs: { x: solveLinear(read.a, read.b) } }));
    expect(build).toThrow(
      `needs a square matrix [..., n, n] and right sides [..., n, m], got [${a}] and [${b}]`,
    );
  });
});
