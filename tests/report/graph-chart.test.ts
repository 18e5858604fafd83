import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vjp } from "../../src/compiler/derivatives/vjp.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { graphChart } from "../../src/report/graph-chart.js";
import type { DrawnNode } from "../../src/report/graph-drawing/layers.js";
import { intoLayers } from "../../src/report/graph-drawing/layers.js";
import { layeredLayout } from "../../src/report/graph-drawing/layout.js";
import { crossingsOf, withFewCrossings } from "../../src/report/graph-drawing/order.js";
import { separated } from "../../src/report/graph-drawing/places.js";
import { graphRows, graphTable } from "../../src/report/graph-rows.js";
import { expressionGraph } from "../compiler/random-expressions.js";
import { anySeed } from "../laws/numbers.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

const field = trace(
  { inputs: { y: [16, 2], w1: [3, 8], b1: [8], w2: [8, 2] }, scalars: ["t"] },
  ({ y, t, w1, b1, w2 }) => {
    const withTime = tf.concat([y, tf.mul(tf.ones([16, 1]), t)], 1);
    const hidden = tf.tanh(tf.add(tf.matMul(withTime, w1), b1));
    return { outputs: { slope: tf.matMul(hidden, w2) }, readouts: { size: tf.sum(tf.square(y)) } };
  },
);
const gradient = vjp(field, { of: ["slope"], withRespectTo: ["y", "w1", "b1", "w2"] });

/** Nodes of which each reads some of those before it. */
const anyNodes: fc.Arbitrary<DrawnNode[]> = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 25 })
  .map((choices) =>
    choices.map((reads, i) => ({
      name: `n${i}`,
      reads: i === 0 ? [] : reads.map((choice) => `n${choice % i}`),
    })),
  );

describe("the layout of a graph", () => {
  it("has every node once, none upon another, every line from layer to layer and downwards", () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const { nodes: places, lines, width, height } = layeredLayout(nodes);
        expect([...places.keys()].sort()).toEqual(nodes.map(({ name }) => name).sort());
        const all = [...places.values()];
        all.forEach((a, i) => {
          expect(a.x).toBeGreaterThanOrEqual(0.5 - 1e-9);
          expect(a.x).toBeLessThanOrEqual(width - 0.5 + 1e-9);
          expect(a.y).toBeLessThan(height);
          for (const b of all.slice(i + 1)) {
            if (a.y === b.y) expect(Math.abs(a.x - b.x)).toBeGreaterThanOrEqual(1 - 1e-9);
          }
        });
        const joined = lines.map(({ from, to }) => `${from} ${to}`);
        const expected = nodes.flatMap(({ name, reads }) =>
          [...new Set(reads)].map((from) => `${from} ${name}`),
        );
        expect(joined.sort()).toEqual(expected.sort());
        for (const { from, to, points } of lines) {
          expect(points[0]).toEqual(places.get(from));
          expect(points[points.length - 1]).toEqual(places.get(to));
          points.slice(1).forEach((point, i) => void expect(point.y).toBe(points[i].y + 1));
        }
      }),
    );
  });

  it("has no more crossings than before they were sorted, and none where there need not be any", () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const { layers } = intoLayers(nodes);
        expect(crossingsOf(withFewCrossings(layers))).toBeLessThanOrEqual(crossingsOf(layers));
      }),
    );
    const crossed = [
      { name: "a", reads: [] },
      { name: "b", reads: [] },
      { name: "of b", reads: ["b"] },
      { name: "of a", reads: ["a"] },
    ];
    const { layers } = intoLayers(crossed);
    expect([crossingsOf(layers), crossingsOf(withFewCrossings(layers))]).toEqual([1, 0]);
  });

  it("separates places that are too near by the least squares", () => {
    expect(separated([0, 5], [1, 1])).toEqual([0, 5]);
    expect(separated([2, 2], [1, 1])).toEqual([1.5, 2.5]);
    const some = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(some, fc.double({ min: -1, max: 1, noNaN: true }), fc.nat(), (wanted, step, choice) => {
        const cost = (places: readonly number[]) =>
          places.reduce((sum, place, i) => sum + (place - wanted[i]) ** 2, 0);
        const found = separated(
          wanted,
          wanted.map(() => 1),
        );
        // any other admissible places: those of other wishes
        const others = separated(
          wanted.map((place, i) => place + (i === choice % wanted.length ? step : 0)),
          wanted.map(() => 1),
        );
        expect(cost(found)).toBeLessThanOrEqual(cost(others) + 1e-9);
      }),
    );
  });
});

describe("the rows of a graph", () => {
  it("are in an order in which they can be computed, and give every result once", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const graph = expressionGraph(seed);
        const rows = graphRows(graph);
        const before = new Set<string>();
        for (const { name, reads } of rows) {
          for (const read of reads) expect(before.has(read) || Number.isFinite(Number(read))).toBe(true);
          expect(before.has(name)).toBe(false);
          before.add(name);
        }
        expect(rows.flatMap(({ gives }) => gives).sort()).toEqual(["sum", "y"]);
      }),
      { numRuns: 20 },
    );
  });

  it("say what is computed, in words", () => {
    expect(graphTable(field)).toContainEqual({
      name: "v7",
      operation: "tanh",
      reads: "v6",
      shape: "[16,8]",
      gives: "",
    });
    expect(graphRows(gradient)).toContainEqual(
      expect.objectContaining({ operation: "sum over 0", shape: "[8]" }),
    );
    expect(graphRows(gradient)).toContainEqual(
      expect.objectContaining({ operation: "sub", reads: ["1", expect.any(String)] }),
    );
  });
});

describe("the chart of a graph", () => {
  it("is the one that was looked at", () => {
    expect(graphChart(field, { title: "A field" })).toMatchSnapshot();
  });

  it.each([
    ["a field", field],
    ["its gradient", gradient],
    ["one operation", trace({ inputs: { x: [] } }, ({ x }) => ({ outputs: { y: tf.tanh(x) } }))],
    ["no operation", trace({ inputs: { x: [3] } }, ({ x }) => ({ outputs: { x } }))],
    ["a constant", trace({ inputs: {} }, () => ({ outputs: { one: tf.ones([2]) } }))],
  ])("of %s is sound", async (title, graph) => {
    await expectSoundChart(graphChart(graph, { title }));
  });

  it("has a box with a tooltip for every operation and every result", async () => {
    const names = tooltipsOf(await runChart(graphChart(field))).map(({ name }) => String(name));
    const expected = [...graphRows(field).map(({ name }) => name), "output slope", "output size"];
    expect(names.sort()).toEqual(expected.sort());
  });

  it("refuses a graph that could not be read, and says what can show it", () => {
    const long = trace({ inputs: { x: [2] } }, ({ x }) => {
      let y = x;
      for (let i = 0; i < 100; i++) y = tf.sin(y);
      return { outputs: { y } };
    });
    expect(() => graphChart(long)).toThrow(/up to 80 boxes, got 102.*graphTable/);
  });
});
