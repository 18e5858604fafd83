import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { wasmTarget } from "../../../src/compiler/targets/wasm/wasm-target.js";
import { evaluate, type Point } from "../../laws/programs.js";
import { anyGraph, randomGradient, randomGraph, randomPoint } from "./random-graphs.js";

/** Rounding errors of a dozen operations, sums of up to some hundred terms among them. */
const closeness = { float64: 1e-11, float32: 2e-3 };

describe.each(["float64", "float32"] as const)("a graph lowered to WebAssembly in %s", (precision) => {
  const target = wasmTarget({ precision });

  function expectReference(graph: Graph, point: Point): void {
    const expected = evaluate(graph, point);
    const actual = evaluate(graph, point, target);
    const close = { relative: closeness[precision], absolute: closeness[precision] };
    for (const [name, array] of Object.entries(expected.outputs)) {
      const size = Math.max(1, ...Array.from(array.data, Math.abs));
      expect(actual.outputs[name], name).toBeAllclose(array, { ...close, absolute: close.absolute * size });
    }
    for (const [name, number] of Object.entries(expected.readouts)) {
      expect(Math.abs(actual.readouts[name] - number), name).toBeLessThan(close.absolute * 1600);
    }
  }

  it("computes what the reference computes, for arrays of any size", () => {
    fc.assert(
      fc.property(anyGraph, (settings) => expectReference(randomGraph(settings), randomPoint(settings))),
      { numRuns: 60 },
    );
  });

  it("adds gradients up as the reference does", () => {
    fc.assert(
      fc.property(anyGraph, (settings) => {
        const { graph, point } = randomGradient(settings);
        expectReference(graph, point);
      }),
      { numRuns: 60 },
    );
  });
});
