import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divergence } from "../../src/compiler/derivatives/divergence.js";
import { jacobian } from "../../src/compiler/derivatives/jacobian.js";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { ndArray } from "../../src/compiler/nd-array.js";
import type { Shape } from "../../src/compiler/shape.js";
import { divergenceOf } from "../../src/compiler/trace/derivative-functions.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { expectVjpToMatchDifferences } from "../laws/gradients.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { allTargets, evaluate, type Point, targetText } from "../laws/programs.js";

const d = 3;

/** The field of a flow: rows on their own, and time. */
function flow(t: tf.Tensor, x: tf.Tensor, w1: tf.Tensor, w2: tf.Tensor): tf.Tensor {
  const time = tf.broadcastTo(t, [...x.shape.slice(0, -1), 1]);
  return tf.matMul(tf.tanh(tf.matMul(tf.concat([x, time], -1), w1)), w2);
}

const shapesFor = (batch: Shape) => ({ x: [...batch, d], w1: [d + 1, 5], w2: [5, d] });

const flowGraph = (batch: Shape) =>
  trace({ inputs: shapesFor(batch), scalars: ["t"] }, ({ x, w1, w2, t }) => ({
    outputs: { slope: flow(t, x, w1, w2) },
  }));

function flowPoint(batch: Shape, seed: number): Point {
  const [x, w1, w2] = normalArrays(Object.values(shapesFor(batch)), seed);
  return { inputs: { x, w1, w2 }, scalars: { t: 0.7 } };
}

const of = { of: "slope", withRespectTo: "x" };

/** The traces of the blocks of a Jacobian of rows. */
function traces({ data }: NdArray): Float64Array {
  return Float64Array.from({ length: data.length / d ** 2 }, (_, row) =>
    [...new Array(d).keys()].reduce((sum, i) => sum + data[row * d ** 2 + i * (d + 1)], 0),
  );
}

const batches: Shape[] = [[1], [4], [2, 3]];

describe("the divergence of a field", () => {
  it.each(batches)("is the trace of each row's Jacobian, on every target: batch %s %s", (...batch) => {
    const graph = flowGraph(batch);
    const [exact, blocks] = [divergence(graph, of), jacobian(graph, { ...of, batchAxes: batch.length })];
    for (const target of allTargets) {
      const tolerance = target.precision === "float64" ? 1e-12 : 1e-5;
      fc.assert(
        fc.property(anySeed, (seed) => {
          const point = flowPoint(batch, seed);
          const expected = traces(evaluate(blocks, point).outputs.jacobian);
          const actual = evaluate(exact, point, target).outputs.divergence;
          expect(actual, targetText(target)).toBeAllclose(ndArray(batch, expected), {
            relative: tolerance,
            absolute: 4 * tolerance,
          });
        }),
        { numRuns: 5 },
      );
    }
  });

  it("estimated along random signs is on average the exact one, and exactly so for one dimension at a time", () => {
    const batch = [4];
    const graph = flowGraph(batch);
    const estimate = divergence(graph, { ...of, estimate: true });
    const point = flowPoint(batch, 1);
    const expected = evaluate(divergence(graph, of), point).outputs.divergence;
    const along = (noise: Float64Array): Float64Array => {
      const inputs = { ...point.inputs, noise: ndArray([4, d], noise) };
      return Float64Array.from(evaluate(estimate, { ...point, inputs }).outputs.divergence.data);
    };
    // all 2^d vectors of signs: their mean is the expectation, without an error of sampling
    const signs = Array.from({ length: 2 ** d }, (_, code) =>
      Float64Array.from({ length: 4 * d }, (_, i) => ((code >> (i % d)) & 1 ? 1 : -1)),
    );
    const mean = new Float64Array(4);
    for (const noise of signs) for (const [i, value] of along(noise).entries()) mean[i] += value / 2 ** d;
    expect(mean).toBeAllclose(Float64Array.from(expected.data), { absolute: 1e-13 });
    // unit vectors: e_i^T J e_i sum to the trace
    const sum = new Float64Array(4);
    for (let axis = 0; axis < d; axis++) {
      const unit = Float64Array.from({ length: 4 * d }, (_, i) => (i % d === axis ? 1 : 0));
      for (const [i, value] of along(unit).entries()) sum[i] += value;
    }
    expect(sum).toBeAllclose(Float64Array.from(expected.data), { absolute: 1e-13 });
  });

  it("has the gradient that differences give, exact or estimated", () => {
    const graph = flowGraph([2]);
    fc.assert(
      fc.property(anySeed, (seed) => {
        const point = flowPoint([2], seed);
        expectVjpToMatchDifferences(divergence(graph, of), point, seed);
        const [noise] = normalArrays([[2, d]], seed + 1);
        const estimate = divergence(graph, { ...of, estimate: true, keep: ["slope"] });
        expectVjpToMatchDifferences(estimate, { ...point, inputs: { ...point.inputs, noise } }, seed);
      }),
      { numRuns: 5 },
    );
  });

  it("refuses what has none", () => {
    const graph = trace({ inputs: { x: [2, 3] } }, ({ x }) => ({ outputs: { slope: tf.sum(x, 1) } }));
    expect(() => divergence(graph, of)).toThrow("one shape of at least one axis, got [2] and [2,3]");
    const noisy = trace({ inputs: { x: [2, 3], noise: [1] } }, ({ x }) => ({ outputs: { slope: x } }));
    expect(() => divergence(noisy, { ...of, estimate: true })).toThrow('already has an input "noise"');
  });
});

describe("divergenceOf, in a traced function", () => {
  it("is what divergence gives, for a continuous normalising flow's right-hand side", () => {
    const batch = [4];
    const augmented = trace(
      { inputs: { ...shapesFor(batch), noise: [4, d] }, scalars: ["t"] },
      ({ x, w1, w2, noise, t }) => {
        const field = (u: tf.Tensor) => flow(t, u, w1, w2);
        return { outputs: { exact: divergenceOf(field, x), estimate: divergenceOf(field, x, noise) } };
      },
    );
    const point = flowPoint(batch, 5);
    const [noise] = normalArrays([[4, d]], 6);
    const full = { ...point, inputs: { ...point.inputs, noise } };
    const { outputs } = evaluate(augmented, full);
    const graph = flowGraph(batch);
    expect(outputs.exact).toBeAllclose(evaluate(divergence(graph, of), point).outputs.divergence);
    expect(outputs.estimate).toBeAllclose(
      evaluate(divergence(graph, { ...of, estimate: true }), full).outputs.divergence,
    );
  });
});
