import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jvp, tangentName } from "../../src/compiler/derivatives/jvp.js";
import { cotangentName, gradientName, vjp } from "../../src/compiler/derivatives/vjp.js";
import { type Graph, liveNodes } from "../../src/compiler/graph/graph.js";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { jvpOf } from "../../src/compiler/trace/derivative-functions.js";
import { type NamedTensors, trace } from "../../src/compiler/trace/trace.js";
import { completed, expectJvpToMatchVjp, wholeJvp } from "../laws/gradients.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { evaluate, hostFunction, type Point } from "../laws/programs.js";
import { expressionGraph, expressionPoint } from "./random-expressions.js";

/** A network of two layers that sees time, with its mean square as readout. */
const shapes = { x: [3, 4], w1: [5, 6], w2: [6, 4] };
const network = trace({ inputs: shapes, scalars: ["t"] }, ({ x, w1, w2, t }) => {
  const hidden = tf.tanh(tf.matMul(tf.concat([x, tf.broadcastTo(t, [3, 1])], 1), w1));
  const y = tf.tanh(tf.matMul(hidden, w2));
  return { outputs: { y }, readouts: { energy: tf.mean(tf.square(y)) } };
});

function networkPoint(seed: number): Point {
  const [x, w1, w2] = normalArrays(Object.values(shapes), seed);
  return { inputs: { x, w1, w2 }, scalars: { t: 0.3 } };
}

/** The derivative of all results along given directions of inputs and scalars, by differences of fourth order. */
function differencesAlong(
  graph: Graph,
  point: Point,
  directions: ReadonlyMap<string, string>,
): Record<string, NdArray | number> {
  const { evaluate: run, dispose } = hostFunction(graph);
  const moved = (step: number) => {
    const inputs: Record<string, NdArray> = { ...point.inputs };
    const scalars: Record<string, number> = { ...point.scalars };
    for (const [name, direction] of directions) {
      if (name in scalars) scalars[name] += step * scalars[direction];
      else {
        const { shape, data } = inputs[name];
        inputs[name] = { shape, data: data.map((x, i) => x + step * point.inputs[direction].data[i]) };
      }
    }
    const { outputs, readouts } = run({ inputs, scalars });
    return { ...outputs, ...readouts };
  };
  const h = 1e-3;
  const [b2, b1, a1, a2] = [-2 * h, -h, h, 2 * h].map(moved);
  dispose();
  const quotient = (i: (results: typeof a1) => number): number =>
    (i(b2) - 8 * i(b1) + 8 * i(a1) - i(a2)) / (12 * h);
  return Object.fromEntries(
    Object.entries(a1).map(([name, result]) => {
      if (typeof result === "number") return [name, quotient((results) => results[name] as number)];
      const data = Array.from(result.data, (_, i) =>
        quotient((results) => (results[name] as NdArray).data[i]),
      );
      return [name, { shape: result.shape, data: Float64Array.from(data) }];
    }),
  );
}

/** Compares the jvp of a graph with differences; returns it, with what it reads. */
function expectJvpToMatchDifferences(graph: Graph, point: Point, seed: number, tolerance: number) {
  const before = new Set([...graph.inputs, ...graph.scalars].map(({ name }) => name));
  const forward = wholeJvp(graph);
  const full = completed(forward, point, seed);
  const added = [...forward.inputs, ...forward.scalars].filter(({ name }) => !before.has(name));
  const prefix = added[0].name.split(".")[0];
  const directions = new Map([...before].map((name) => [name, `${prefix}.${name}`]));
  const expected = differencesAlong(graph, full, directions);
  const { outputs, readouts } = evaluate(forward, full);
  const actual = { ...outputs, ...readouts };
  for (const [name, difference] of Object.entries(expected)) {
    expect(actual[`${prefix}.${name}`], `${prefix}.${name}`).toBeAllclose(difference, {
      relative: tolerance,
      absolute: tolerance,
    });
  }
  return { forward, full };
}

describe("the jvp of a graph", () => {
  it("matches differences, for arrays, scalars, outputs and readouts together", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        expectJvpToMatchDifferences(network, networkPoint(seed), seed, 1e-6);
      }),
      { numRuns: 20 },
    );
  });

  it("matches differences of itself when nested, to fourth order", () => {
    const run = ({ x, t }: NamedTensors) => ({ outputs: { y: tf.tanh(tf.mul(tf.add(x, t), tf.sin(x))) } });
    let graph = trace({ inputs: { x: [2] }, scalars: ["t"] }, run);
    let point: Point = { inputs: { x: normalArrays([[2]], 1)[0] }, scalars: { t: 0.4 } };
    for (let order = 1; order <= 4; order++) {
      const { forward, full } = expectJvpToMatchDifferences(graph, point, order, 1e-5);
      [graph, point] = [forward, full];
    }
  });

  it("is the adjoint of the vjp, for random expressions", () => {
    fc.assert(
      fc.property(anySeed, (seed) => expectJvpToMatchVjp(expressionGraph(seed), expressionPoint(seed), seed)),
      { numRuns: 60 },
    );
  });

  it("of a vjp is the vjp of a jvp: both are the Hessian times a vector", () => {
    const gradient = vjp(network, { of: ["energy"], withRespectTo: ["w1"] });
    const forward = jvp(network, { of: ["energy"], withRespectTo: ["w1"] });
    const forwardOfReverse = jvp(gradient, { of: [gradientName("w1")], withRespectTo: ["w1"] });
    const reverseOfForward = vjp(forward, { of: [tangentName("energy")], withRespectTo: ["w1"] });
    const [direction] = normalArrays([shapes.w1], 2);
    const { inputs, scalars } = networkPoint(1);
    const read = { ...inputs, [tangentName("w1")]: direction };
    const one = evaluate(forwardOfReverse, {
      inputs: read,
      scalars: { ...scalars, [cotangentName("energy")]: 1 },
    });
    const other = evaluate(reverseOfForward, {
      inputs: read,
      scalars: { ...scalars, [cotangentName(tangentName("energy"))]: 1 },
    });
    expect(one.outputs[tangentName(gradientName("w1"))]).toBeAllclose(other.outputs[gradientName("w1")], {
      relative: 1e-12,
    });
  });

  it("is linear in the tangent and zero along what has no influence", () => {
    const forward = jvp(network, { of: ["y"], withRespectTo: ["x"] });
    const point = completed(forward, networkPoint(3), 4);
    const name = tangentName("x");
    const at = (factor: number): NdArray => {
      const { shape, data } = point.inputs[name];
      const scaled = { shape, data: data.map((value) => factor * value) };
      return evaluate(forward, { ...point, inputs: { ...point.inputs, [name]: scaled } }).outputs[
        tangentName("y")
      ];
    };
    const once = at(1);
    expect(at(-3)).toBeAllclose({ shape: once.shape, data: once.data.map((value) => -3 * value) });
    const run = ({ x }: NamedTensors) => ({ outputs: { y: tf.floor(x) } });
    const flat = jvp(trace({ inputs: { x: [3], z: [3] } }, run), { of: ["y"], withRespectTo: ["x", "z"] });
    expect(evaluate(flat, completed(flat, { inputs: {} }, 1)).outputs[tangentName("y")]).toBeAllclose({
      shape: [3],
      data: new Float64Array(3),
    });
  });
});

describe("names of nested tangents", () => {
  const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);

  it("are numbered where they would clash, all at once", () => {
    const first = jvp(network, { of: ["y", "energy"], withRespectTo: ["x", "t"] });
    expect(names(first.inputs)).toEqual(["x", "w1", "w2", "tangent.x"]);
    expect(names(first.scalars)).toEqual(["t", "tangent.t"]);
    expect(Object.keys(first.outputs)).toEqual(["tangent.y"]);
    expect(Object.keys(first.readouts)).toEqual(["tangent.energy"]);
    const second = jvp(first, { of: ["tangent.y"], withRespectTo: ["x", "tangent.x"] });
    expect(names(second.inputs)).toEqual([...names(first.inputs), "tangent2.x", "tangent2.tangent.x"]);
    expect(Object.keys(second.outputs)).toEqual(["tangent2.tangent.y"]);
  });

  it("do not clash with results that are kept", () => {
    const first = jvp(network, { of: ["y"], withRespectTo: ["x"], keep: ["y"] });
    const second = jvp(first, { of: ["y"], withRespectTo: ["w1"], keep: ["tangent.y"] });
    expect(Object.keys(second.outputs)).toEqual(["tangent.y", "tangent2.y"]);
  });

  it("are refused where the graph does not have them, with what it has", () => {
    expect(() => jvp(network, { of: ["z"], withRespectTo: ["x"] })).toThrow(
      'jvp: the graph has no output or readout "z"; it has y, energy',
    );
    expect(() => jvp(network, { of: ["y"], withRespectTo: ["q"] })).toThrow('has no input "q"; it has x, w1');
  });
});

type Field = (t: tf.Tensor, y: tf.Tensor) => tf.Tensor;

/** The field of the next derivative of the solution: the total derivative along the field itself. */
const total =
  (field: Field, derivative: Field): Field =>
  (t, y) =>
    jvpOf((time, state) => derivative(time, state), [t, y], [1, field(t, y)]).tangent;

/** y', y'', ... of a solution through y at t, up to an order. */
function solutionDerivatives(field: Field, order: number, shape: number[]): Graph {
  return trace({ inputs: { y: shape }, scalars: ["t"] }, ({ y, t }) => {
    const outputs: Record<string, tf.Tensor> = {};
    let derivative = field;
    for (let k = 1; k <= order; k++) {
      outputs[`d${k}`] = derivative(t, y);
      derivative = total(field, derivative);
    }
    return { outputs };
  });
}

describe("nested jvps along a solution give its Taylor coefficients", () => {
  it.each<[string, Field, (t: number) => number, (t: number, y: number) => number[]]>([
    [
      "1 / (t + 2)",
      (_, y) => tf.neg(tf.square(y)),
      (t) => 1 / (t + 2),
      (_, y) => [-(y ** 2), 2 * y ** 3, -6 * y ** 4, 24 * y ** 5],
    ],
    [
      "exp(sin t)",
      (t, y) => tf.mul(y, tf.cos(t)),
      (t) => Math.exp(Math.sin(t)),
      (t, y) => {
        const [s, c] = [Math.sin(t), Math.cos(t)];
        return [
          c,
          c ** 2 - s,
          c ** 3 - 3 * s * c - c,
          c ** 4 - 6 * s * c ** 2 + 3 * s ** 2 - 4 * c ** 2 + s,
        ].map((factor) => factor * y);
      },
    ],
    [
      "tanh(t)",
      (_, y) => tf.sub(1, tf.square(y)),
      Math.tanh,
      (_, y) => {
        const slope = 1 - y ** 2;
        return [slope, -2 * y * slope, (6 * y ** 2 - 2) * slope, (16 * y - 24 * y ** 3) * slope];
      },
    ],
  ])("%s", (_, field, solution, expected) => {
    const { evaluate: run } = hostFunction(solutionDerivatives(field, 4, []));
    fc.assert(
      fc.property(fc.double({ min: -1.5, max: 1.5, noNaN: true }), (t) => {
        const y = solution(t);
        const { outputs } = run({ inputs: { y: { shape: [], data: Float64Array.of(y) } }, scalars: { t } });
        const actual = Object.values(outputs).map(({ data }) => data[0]);
        expect(Float64Array.from(actual)).toBeAllclose(Float64Array.from(expected(t, y)), {
          relative: 1e-11,
          absolute: 1e-11,
        });
      }),
    );
  });

  it("with a graph that grows less than 2.5-fold from order to order", () => {
    const [w1, w2] = normalArrays(
      [
        [5, 8],
        [8, 4],
      ],
      1,
    ).map(({ data, shape }) => tf.tensor(Float32Array.from(data), [...shape]));
    const field: Field = (t, y) => {
      const time = tf.mul(tf.ones([3, 1]), t);
      return tf.matMul(tf.tanh(tf.matMul(tf.concat([y, time], 1), w1)), w2);
    };
    const sizes = [1, 2, 3, 4, 5].map((order) => {
      const { outputs } = solutionDerivatives(field, order, [3, 4]);
      return liveNodes(Object.values(outputs)).length;
    });
    // the second derivative has the time and the state to differ by, the first has neither
    for (let i = 2; i < sizes.length; i++) expect(sizes[i] / sizes[i - 1]).toBeLessThan(2.5);
  });
});
