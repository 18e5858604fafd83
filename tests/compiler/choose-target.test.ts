import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph } from "../../src/compiler/graph/graph.js";
import {
  chooseTarget,
  floatingPointOperations,
  type TargetChoice,
} from "../../src/compiler/targets/choose-target.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { allTargets } from "../laws/programs.js";

/** tanh(a b) for matrices of the given lengths. */
const layer = (rows: number, inner: number, columns: number): Graph =>
  trace({ inputs: { a: [rows, inner], b: [inner, columns] } }, ({ a, b }) => ({
    outputs: { y: tf.tanh(tf.matMul(a, b)) },
  }));

describe("the choice of a target", () => {
  it("counts two operations per term of a product, one per element of anything else", () => {
    const length = fc.integer({ min: 2, max: 50 });
    fc.assert(
      fc.property(length, length, length, (rows, inner, columns) => {
        expect(floatingPointOperations(layer(rows, inner, columns))).toBe(rows * columns * (2 * inner + 1));
      }),
    );
  });

  it("is made by size where it is left open", () => {
    const [small, large] = [layer(2, 2, 2), layer(100, 100, 100)];
    for (const precision of ["float32", "float64"] as const) {
      expect(chooseTarget("auto", precision, small)).toMatchObject({ name: "wasm", precision });
      expect(chooseTarget("auto", precision, large)).toMatchObject({ name: "onnx", precision });
      expect(chooseTarget("auto", precision)).toMatchObject({ name: "onnx", precision });
    }
  });

  it("is the one that was asked for, by name or in person", () => {
    for (const target of allTargets) {
      expect(chooseTarget(target, target.precision, layer(2, 2, 2))).toBe(target);
      expect(chooseTarget(target.name, target.precision, layer(2, 2, 2))).toMatchObject({
        name: target.name,
        precision: target.precision,
      });
    }
  });

  it("says what does not exist, and what to use instead", () => {
    expect(() => chooseTarget("javascript", "float32", layer(2, 2, 2))).toThrow(
      /"javascript" computes in float64, but float32 was asked for; use the target "wasm" or "onnx"/,
    );
    expect(() => chooseTarget("tfjs", "float64", layer(2, 2, 2))).toThrow(/computes in float32/);
    expect(() => chooseTarget("gpu" as TargetChoice, "float64", layer(2, 2, 2))).toThrow(
      'unknown target "gpu"; choose auto, javascript, onnx, tfjs or wasm',
    );
  });
});
