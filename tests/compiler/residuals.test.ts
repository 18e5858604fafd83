import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minimumCut, type Vertex } from "../../src/compiler/derivatives/minimum-cut.js";
import { type ResidualOptions, residualVjp } from "../../src/compiler/derivatives/residuals.js";
import { vjp } from "../../src/compiler/derivatives/vjp.js";
import { type Graph, liveNodes, resultsOf } from "../../src/compiler/graph/graph.js";
import { sizeOf } from "../../src/compiler/shape.js";
import type { Target } from "../../src/compiler/targets/target.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { completed, inputNames, resultNames } from "../laws/gradients.js";
import { anySeed } from "../laws/numbers.js";
import { allTargets, evaluate, type Point, targetText } from "../laws/programs.js";
import { expressionGraph, expressionPoint } from "./random-expressions.js";

const everything = (graph: Graph) => ({ of: resultNames(graph), withRespectTo: inputNames(graph) });

/** How many operations of a kind a graph has. */
const countOf = (graph: Graph, operation: string): number =>
  liveNodes(resultsOf(graph)).filter((node) => node.operation === operation).length;

const elementsOf = (graph: Graph): number =>
  Object.entries(graph.outputs)
    .filter(([name]) => name.startsWith("residual."))
    .reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);

/** Values and gradients by two programs are those by one. */
function expectSplitToMatch(
  graph: Graph,
  point: Point,
  seed: number,
  { target = allTargets[0], atHand, sizes }: { target?: Target } & ResidualOptions = {},
): void {
  const whole = vjp(graph, everything(graph));
  const split = residualVjp(graph, everything(graph), { atHand, sizes });
  const pullback = split.pullback(everything(graph));
  const full = completed(whole, point, seed);
  const expected = evaluate(whole, full, target);
  const values = evaluate(graph, point, target);
  const forward = evaluate(split.forward, point, target);
  const added = pullback.inputs.slice(whole.inputs.length).map(({ name }) => name);
  const kept = Object.fromEntries(added.map((name, k) => [name, forward.outputs[split.residuals[k]]]));
  const actual = evaluate(pullback, { ...full, inputs: { ...full.inputs, ...kept } }, target);
  const tolerance = target.precision === "float64" ? 1e-12 : 1e-5;
  for (const [name, gradient] of Object.entries(expected.outputs)) {
    const largest = Math.max(1, ...Array.from(gradient.data, Math.abs));
    expect(actual.outputs[name], `${name} on ${targetText(target)}`).toBeAllclose(gradient, {
      relative: tolerance,
      absolute: tolerance * largest,
    });
  }
  for (const [name, value] of Object.entries(values.outputs)) {
    expect(forward.outputs[name]).toBeAllclose(value, { relative: tolerance, absolute: tolerance });
  }
}

/** Three tanh layers on a batch, with a norm, and time. */
const network = trace(
  { inputs: { x: [8, 4], a: [5, 6], b: [6, 7], c: [7, 4] }, scalars: ["t"] },
  ({ x, a, b, c, t }) => {
    const first = tf.tanh(tf.matMul(tf.concat([x, tf.broadcastTo(t, [8, 1])], 1), a));
    const second = tf.tanh(tf.matMul(first, b));
    const y = tf.tanh(tf.matMul(second, c));
    return { outputs: { y }, readouts: { size: tf.sqrt(tf.mean(tf.square(y))) } };
  },
);

function networkPoint(seed: number): Point {
  const { inputs } = completed(network, { inputs: {} }, seed);
  return { inputs, scalars: { t: 0.3 } };
}

/** Of the sums along both axes of exp(x). */
const outer = (x: tf.Tensor): tf.Tensor => tf.mul(tf.sum(tf.exp(x), 1, true), tf.sum(tf.exp(x), 0, true));

describe("a vjp split in two", () => {
  it("gives the same values and gradients, for random expressions", () => {
    fc.assert(
      fc.property(anySeed, fc.constantFrom("arrays", "numbers"), (seed, sizes) =>
        expectSplitToMatch(expressionGraph(seed), expressionPoint(seed), seed, { sizes }),
      ),
      { numRuns: 60 },
    );
  });

  it.each(allTargets.map((target) => [targetText(target), target] as const))(
    "gives the same values and gradients on %s",
    (_, target) => {
      for (const seed of [1, 2, 3]) {
        expectSplitToMatch(network, networkPoint(seed), seed, { target });
        expectSplitToMatch(network, networkPoint(seed), seed, { target, atHand: ["y"] });
        expectSplitToMatch(network, networkPoint(seed), seed, { target, sizes: "numbers" });
      }
    },
  );

  it("keeps the results of the layers, and computes none of them again", () => {
    const split = residualVjp(network, everything(network));
    const pullback = split.pullback(everything(network));
    expect(elementsOf(split.forward)).toBe(8 * (6 + 7 + 4) + 1);
    const sparing = residualVjp(network, everything(network), { atHand: ["y"] });
    expect(elementsOf(sparing.forward)).toBe(8 * (6 + 7) + 1);
    expect(sparing.residuals).toContain("y");
    expect(countOf(pullback, "tanh")).toBe(0);
    const whole = vjp(network, everything(network));
    expect(countOf(pullback, "matMul")).toBe(countOf(whole, "matMul") - countOf(network, "matMul"));
  });

  it("keeps of arrays nothing, where only numbers are wanted, but their norm", () => {
    const split = residualVjp(network, everything(network), { sizes: "numbers" });
    expect(elementsOf(split.forward)).toBe(1);
    const pullback = split.pullback(everything(network));
    expect(countOf(pullback, "tanh")).toBe(countOf(network, "tanh"));
    const sums = (graph: Graph): number =>
      liveNodes(resultsOf(graph)).filter(
        ({ operation, shape }) => operation === "reduce" && sizeOf(shape) === 1,
      ).length;
    expect(sums(pullback)).toBe(sums(vjp(network, everything(network))) - 1);
  });

  it("computes nothing again that is expensive, for random expressions", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const graph = expressionGraph(seed);
        const whole = vjp(graph, everything(graph));
        const pullback = residualVjp(graph, everything(graph)).pullback(everything(graph));
        for (const operation of ["tanh", "exp", "pow"]) {
          expect(countOf(pullback, operation), operation).toBe(0);
        }
        const given = new Set(graph.inputs.concat(graph.scalars));
        const ofForward = liveNodes(resultsOf(whole)).filter(
          (node) =>
            node.operation === "matMul" &&
            liveNodes([node]).every((before) => before.operation !== "input" || given.has(before)),
        );
        expect(countOf(pullback, "matMul")).toBe(countOf(whole, "matMul") - ofForward.length);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor, number[]]>([
    ["slopes of what was summed, and the result", (x) => tf.tanh(tf.add(tf.log(x), tf.sin(x))), [12, 12]],
    ["factors of an outer product, not the product", (x) => tf.square(tf.square(outer(x))), [12, 6, 2]],
    ["nothing of what is cheap", (x) => tf.square(tf.div(tf.square(x), 3)), []],
    ["nothing of what is not read", (x) => tf.sum(tf.matMul(x, x, false, true)), []],
  ])("keeps %s", (_, run, sizes) => {
    const graph = trace({ inputs: { x: [6, 2] } }, ({ x }) => ({ outputs: { y: run(x) } }));
    const { forward } = residualVjp(graph, everything(graph));
    const kept = Object.entries(forward.outputs).filter(([name]) => name !== "y");
    expect(kept.map(([, { shape }]) => sizeOf(shape)).sort((one, other) => other - one)).toEqual(sizes);
  });

  it("takes a large value that is at hand rather than keep a small one", () => {
    const graph = trace({ inputs: { x: [6, 2], w: [2, 1] } }, ({ x, w }) => {
      const y = tf.add(x, tf.matMul(x, w));
      return { outputs: { y, z: tf.square(y) } };
    });
    const added = (atHand: readonly string[]): number =>
      elementsOf(residualVjp(graph, everything(graph), { atHand }).forward);
    expect(added([])).toBe(6);
    expect(added(["y"])).toBe(0);
  });

  it("serves pullbacks of fewer results", () => {
    const split = residualVjp(network, everything(network));
    const options = { of: ["y"], withRespectTo: ["x", "c"] };
    const point = networkPoint(4);
    const whole = vjp(network, options);
    const full = completed(whole, point, 5);
    const { outputs } = evaluate(split.forward, point);
    const actual = evaluate(split.pullback(options), { ...full, inputs: { ...full.inputs, ...outputs } });
    for (const [name, gradient] of Object.entries(evaluate(whole, full).outputs)) {
      expect(actual.outputs[name]).toBeAllclose(gradient, { relative: 1e-12, absolute: 1e-12 });
    }
  });
});

describe("the minimum cut", () => {
  /** Acyclic: edges go to higher numbers. */
  const anyNetwork = fc.integer({ min: 1, max: 8 }).chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, v) =>
        fc.record({
          cost: fc.oneof(
            { weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }) },
            fc.constant(Number.POSITIVE_INFINITY),
          ),
          next: fc.subarray(Array.from({ length: size - v - 1 }, (_, i) => v + 1 + i)),
          isSource: fc.boolean(),
          isSink: fc.boolean(),
        }),
      ),
    ),
  );

  /** Whether a set of vertices, as bits, stops all flow. */
  function stops(vertices: readonly Vertex[], set: number): boolean {
    const reached = vertices.map(({ isSource }) => isSource);
    return vertices.every(({ next, isSink }, v) => {
      if (!reached[v] || (set >> v) & 1) return true;
      for (const w of next) reached[w] = true;
      return !isSink;
    });
  }

  it("stops all flow at the least cost of all sets", () => {
    fc.assert(
      fc.property(anyNetwork, (vertices) => {
        const costOf = (set: number): number =>
          vertices.reduce((sum, { cost }, v) => sum + ((set >> v) & 1 ? cost : 0), 0);
        const sets = Array.from({ length: 2 ** vertices.length }, (_, set) => set);
        const least = Math.min(...sets.filter((set) => stops(vertices, set)).map(costOf));
        if (least === Number.POSITIVE_INFINITY) {
          expect(() => minimumCut(vertices)).toThrow("no vertex of finite cost");
          return;
        }
        const cut = minimumCut(vertices).reduce((set, v) => set + 2 ** v, 0);
        expect(stops(vertices, cut)).toBe(true);
        expect(costOf(cut)).toBe(least);
      }),
      { numRuns: 500 },
    );
  });
});
