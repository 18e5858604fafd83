import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overLanes } from "../../src/compiler/derivatives/over-lanes.js";
import { vjp } from "../../src/compiler/derivatives/vjp.js";
import type { Graph } from "../../src/compiler/graph/graph.js";
import { entryOf, type NdArray, ndArray, stacked } from "../../src/compiler/nd-array.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { anySeed, distinctArrays, normalArrays } from "../laws/numbers.js";
import { evaluate } from "../laws/programs.js";
import { graphOf, operationRows } from "./operation-cases.js";
import { rowText } from "./operation-row.js";
import { expressionGraph } from "./random-expressions.js";

const lanes = 3;

/** Arrays and scalars of each lane: the same for all where they are shared. */
type Points = readonly Readonly<Record<string, NdArray>>[];

/** The numbers of every lane by the graph for many lanes, and by the graph itself, lane by lane. */
function bothWays(graph: Graph, own: readonly string[], points: Points) {
  const graphOfLanes = overLanes(graph, lanes, own);
  const given = (name: string): NdArray => {
    const arrays = points.map((point) => point[name]);
    return own.includes(name) ? stacked(arrays[0].shape, arrays) : arrays[0];
  };
  const numberOf = ({ data }: NdArray): number => data[0];
  const together = evaluate(graphOfLanes, {
    inputs: Object.fromEntries(graphOfLanes.inputs.map(({ name }) => [name, given(name)])),
    scalars: Object.fromEntries(graphOfLanes.scalars.map(({ name }) => [name, numberOf(given(name))])),
  });
  const oneByOne = points.map((point) => {
    const scalars = Object.fromEntries(graph.scalars.map(({ name }) => [name, numberOf(point[name])]));
    const { outputs, readouts } = evaluate(graph, { inputs: point, scalars });
    const numbers = Object.entries(readouts).map(([name, value]) => [
      name,
      ndArray([], Float64Array.of(value)),
    ]);
    return { ...outputs, ...Object.fromEntries(numbers) } as Record<string, NdArray>;
  });
  return { together: together.outputs, oneByOne };
}

function expectLanes(graph: Graph, own: readonly string[], points: Points): void {
  const { together, oneByOne } = bothWays(graph, own, points);
  oneByOne.forEach((results, lane) => {
    for (const [name, result] of Object.entries(results)) {
      expect(entryOf(together[name], lane), name).toBeAllclose(result, { relative: 1e-11, absolute: 1e-11 });
    }
  });
}

/** Points that differ in some inputs, and are the same in the others. */
function pointsOf(own: readonly string[], draws: Points): Points {
  return draws.map((draw) =>
    Object.fromEntries(
      Object.keys(draw).map((name) => [name, own.includes(name) ? draw[name] : draws[0][name]]),
    ),
  );
}

describe("a graph over lanes does for each what it does for one", () => {
  it.each(operationRows.map((row) => [rowText(row), row] as const))("%s", (_, row) => {
    fc.assert(
      fc.property(row.cases, anySeed, fc.nat({ max: 30 }), (operation, seed, choice) => {
        const graph = graphOf(operation);
        const names = graph.inputs.map(({ name }) => name);
        const chosen = names.filter((_name, i) => (choice >> i) % 2 === 1);
        const own = chosen.length > 0 ? chosen : names;
        const draws = Array.from({ length: lanes }, (_lane, i) => {
          const arrays = distinctArrays(operation.shapes, row.domain, seed + i);
          return Object.fromEntries(names.map((name, k) => [name, arrays[k]]));
        });
        try {
          expectLanes(graph, own, pointsOf(own, draws));
        } catch (error) {
          // the one thing that is not done for many lanes at once
          if (!(error instanceof RangeError && error.message.startsWith("lanes:"))) throw error;
          expect(["gather", "unsortedSegmentSum"]).toContain(row.name);
        }
      }),
      { numRuns: 6 },
    );
  });

  it("whole expressions, of shared inputs and scalars and of those of each lane", () => {
    fc.assert(
      fc.property(
        anySeed,
        fc.subarray(["a", "b", "row", "column", "square", "s", "t"], { minLength: 1 }),
        (seed, wanted) => {
          const graph = expressionGraph(seed);
          const all = [...graph.inputs, ...graph.scalars];
          const own = all.map(({ name }) => name).filter((name) => wanted.includes(name));
          const shapes = all.map(({ shape }) => shape);
          const draws = Array.from({ length: lanes }, (_, i) => {
            const arrays = normalArrays(shapes, seed + i);
            return Object.fromEntries(all.map(({ name }, k) => [name, arrays[k]]));
          });
          expectLanes(graph, own, pointsOf(own, draws));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("derivative rules of the user's own, whose gradient for what is shared is the sum", () => {
    const scaled = tf.customGrad((x, w, save) => {
      (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor, w as tf.Tensor]);
      const value = tf.mul(x as tf.Tensor, w as tf.Tensor);
      const gradFunc = (dy: tf.Tensor, [a, b]: tf.Tensor[]) => [
        tf.mul(tf.mul(dy, b), 7),
        tf.mul(tf.mul(dy, a), 11),
      ];
      return { value, gradFunc };
    });
    const graph = trace({ inputs: { x: [2], w: [2] } }, ({ x, w }) => ({ outputs: { y: scaled(x, w) } }));
    const gradients = vjp(overLanes(graph, lanes, ["x"]), { of: ["y"], withRespectTo: ["x", "w"] });
    const [x, dy] = normalArrays(
      [
        [lanes, 2],
        [lanes, 2],
      ],
      1,
    );
    const w = ndArray([2], Float64Array.of(3, 5));
    const { outputs } = evaluate(gradients, { inputs: { x, w, "cotangent.y": dy } });
    const products = dy.data.map((value, i) => value * x.data[i]);
    const sums = [0, 1].map((i) => 11 * (products[i] + products[i + 2] + products[i + 4]));
    expect(outputs["gradient.x"].data).toBeAllclose(dy.data.map((value, i) => 7 * value * w.data[i % 2]));
    expect(outputs["gradient.w"].data).toBeAllclose(sums);
  });
});
