import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jacobian } from "../../src/compiler/derivatives/jacobian.js";
import { jvp, tangentName } from "../../src/compiler/derivatives/jvp.js";
import { cotangentName, gradientName, vjp } from "../../src/compiler/derivatives/vjp.js";
import { type Graph, liveNodes, resultsOf } from "../../src/compiler/graph/graph.js";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { sizeOf } from "../../src/compiler/shape.js";
import { jacobianOf } from "../../src/compiler/trace/derivative-functions.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { anySeed, distinctArrays, normalArrays } from "../laws/numbers.js";
import { evaluate, type Point } from "../laws/programs.js";
import { graphOf, named, operationRows } from "./operation-cases.js";
import { rowText } from "./operation-row.js";
import { expressionGraph, expressionPoint } from "./random-expressions.js";

const at = (point: Point, name: string, value: NdArray): Point => ({
  ...point,
  inputs: { ...point.inputs, [name]: value },
});

/** J v by the Jacobian, elements in a row: J has the axes of the result, then those of the input. */
function product({ data }: NdArray, vector: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(data.length / vector.length);
  data.forEach((value, i) => {
    rows[Math.floor(i / vector.length)] += value * vector[i % vector.length];
  });
  return rows;
}

/** The Jacobian of one result by one input is what the jvp multiplies with. */
function expectJacobianToMatchJvp(graph: Graph, point: Point, of: string, by: string, seed: number): void {
  const full = evaluate(jacobian(graph, { of, withRespectTo: by }), point).outputs.jacobian;
  const { shape } = point.inputs[by];
  expect(full.shape).toEqual([...graph.outputs[of].shape, ...shape]);
  const [tangent] = normalArrays([shape], seed);
  const forward = jvp(graph, { of: [of], withRespectTo: [by] });
  const expected = evaluate(forward, at(point, tangentName(by), tangent)).outputs[tangentName(of)];
  const tolerance = 1e-11 * (1 + Math.max(0, ...full.data.map(Math.abs)));
  expect(product(full, tangent.data)).toBeAllclose(Float64Array.from(expected.data), { absolute: tolerance });
}

/** A field of a batch of states, rows on their own, that sees time; y is a row's nonlinear function of x. */
const shapes = { x: [5, 3], w: [4, 6], v: [6, 2] };
const field = trace({ inputs: shapes, scalars: ["t"] }, ({ x, w, v, t }) => {
  const hidden = tf.tanh(tf.matMul(tf.concat([x, tf.broadcastTo(t, [5, 1])], 1), w));
  const mixed = tf.add(tf.softmax(tf.matMul(hidden, v)), tf.max(x, 1, true));
  return { outputs: { y: mixed }, readouts: { energy: tf.sum(mixed) } };
});

function fieldPoint(seed: number): Point {
  const [x, w, v] = normalArrays(Object.values(shapes), seed);
  return { inputs: { x, w, v }, scalars: { t: 0.4 } };
}

describe("the Jacobian of a graph", () => {
  it("is what the jvp multiplies with, by every input of random expressions", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const [graph, point] = [expressionGraph(seed), expressionPoint(seed)];
        for (const by of Object.keys(point.inputs)) expectJacobianToMatchJvp(graph, point, "y", by, seed);
      }),
      { numRuns: 40 },
    );
  });

  it("of rows that do not influence each other holds the blocks of the whole Jacobian", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const point = fieldPoint(seed);
        const of = { of: "y", withRespectTo: "x" };
        const whole = evaluate(jacobian(field, of), point).outputs.jacobian;
        const blocks = evaluate(jacobian(field, { ...of, batchAxes: 1 }), point).outputs.jacobian;
        expect(blocks.shape).toEqual([5, 2, 3]);
        const expected = new Float64Array(whole.data.length);
        blocks.data.forEach((value, i) => {
          const [row, output, input] = [Math.floor(i / 6), Math.floor(i / 3) % 2, i % 3];
          expected[((row * 2 + output) * 5 + row) * 3 + input] = value;
        });
        expect(whole.data).toBeAllclose(expected, { absolute: 1e-12 });
      }),
      { numRuns: 20 },
    );
  });

  it("can be differentiated further: the gradient of its sum is that of a sum of jvps", () => {
    const summed = (graph: Graph): Graph =>
      vjp(graph, { of: Object.keys(graph.outputs), withRespectTo: ["w"] });
    const point = fieldPoint(3);
    const ones = (name: string, graph: Graph): NdArray =>
      ndArray(graph.outputs[name].shape, new Float64Array(sizeOf(graph.outputs[name].shape)).fill(1));
    const whole = jacobian(field, { of: "y", withRespectTo: "x", batchAxes: 1 });
    const actual = evaluate(
      summed(whole),
      at(point, cotangentName("jacobian"), ones("jacobian", whole)),
    ).outputs;
    const forward = jvp(field, { of: ["y"], withRespectTo: ["x"] });
    const along = at(point, tangentName("x"), ndArray([5, 3], new Float64Array(15).fill(1)));
    const name = tangentName("y");
    const expected = evaluate(summed(forward), at(along, cotangentName(name), ones(name, forward))).outputs;
    expect(actual[gradientName("w")]).toBeAllclose(expected[gradientName("w")], { absolute: 1e-12 });
  });

  it("multiplies the unit vectors with the first layer once, not once for each row", () => {
    const whole = jacobian(field, { of: "y", withRespectTo: "x", batchAxes: 1 });
    const rows = liveNodes(resultsOf(whole)).flatMap(({ operation, shape }) =>
      operation === "matMul" ? [shape[0]] : [],
    );
    // 5 rows through both layers, 3 unit vectors through the first, and each for each row through the second
    expect(rows).toEqual([5, 5, 3, 15]);
  });

  it("keeps what it is asked to keep, and says what it cannot do", () => {
    const kept = jacobian(field, { of: "y", withRespectTo: "x", keep: ["y", "energy"] });
    expect(Object.keys(kept.outputs)).toEqual(["y", "jacobian"]);
    expect(Object.keys(kept.readouts)).toEqual(["energy"]);
    expect(() => jacobian(field, { of: "z", withRespectTo: "x" })).toThrow(
      "jacobian: the graph has no output",
    );
    expect(() => jacobian(field, { of: "y", withRespectTo: "w", batchAxes: 1 })).toThrow(
      "with batchAxes 1, the result of shape [5,2] and the input of shape [4,6] must begin with the same 1 axes",
    );
  });
});

describe.each(operationRows.map((row) => [rowText(row), row] as const))("%s", (_, row) => {
  it("has a Jacobian that its jvp multiplies with", () => {
    fc.assert(
      fc.property(row.cases, anySeed, (operation, seed) => {
        const graph = graphOf(operation);
        const point = { inputs: named(distinctArrays(operation.shapes, row.domain, seed)) };
        for (const of of Object.keys(graph.outputs)) {
          for (const by of Object.keys(point.inputs)) expectJacobianToMatchJvp(graph, point, of, by, seed);
        }
      }),
      { numRuns: 4 },
    );
  });
});

describe("jacobianOf, in a traced function", () => {
  it("is the Jacobian of what it is given, at the point where it is given it", () => {
    const graph = trace({ inputs: { x: [5, 3] } }, ({ x }) => {
      const moved = tf.mul(x, 2);
      // moved is captured: by the argument alone the Jacobian is that of tanh(u) moved
      const own = jacobianOf((u) => tf.mul(tf.tanh(u), moved), tf.add(moved, 1), { batchAxes: 1 });
      return { outputs: { own } };
    });
    const [x] = normalArrays([[5, 3]], 1);
    const { own } = evaluate(graph, { inputs: { x } }).outputs;
    const expected = new Float64Array(45);
    x.data.forEach((value, i) => {
      expected[Math.floor(i / 3) * 9 + (i % 3) * 4] = (1 - Math.tanh(2 * value + 1) ** 2) * 2 * value;
    });
    expect(own).toBeAllclose({ shape: [5, 3, 3], data: expected });
  });

  it("is refused elsewhere", () => {
    expect(() => jacobianOf(tf.tanh, tf.scalar(1))).toThrow(
      "jacobianOf works on the graph that is being traced",
    );
  });
});
