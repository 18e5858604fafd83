import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.js";
import { TargetError } from "../../src/compiler/targets/target.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { anySeed } from "../laws/numbers.js";
import { allTargets, evaluate, targetText } from "../laws/programs.js";
import { expressionGraph, expressionPoint } from "./random-expressions.js";

const pendulum = trace({ inputs: { y: [1, 2] }, scalars: ["t"] }, ({ y, t }) => {
  const [angle, speed] = tf.split(y, 2, 1);
  return {
    outputs: { slope: tf.concat([speed, tf.sub(tf.cos(t), tf.sin(angle))], 1) },
    readouts: { energy: tf.sum(tf.square(y)) },
  };
});

describe("a compiled graph", () => {
  it.each(allTargets.map((target) => [targetText(target), target] as const))(
    "is a function of arrays and numbers by name on %s, however often it runs",
    (_, target) => {
      fc.assert(
        fc.property(anySeed, (seed) => {
          const graph = expressionGraph(seed);
          const { inputs, scalars } = expressionPoint(seed);
          const compiled = compile(graph, { target });
          const read = Object.fromEntries([...Object.entries({ ...scalars, ...inputs })].reverse());
          const expected = evaluate(graph, { inputs, scalars }, target);
          for (let run = 0; run < 3; run++) expect(compiled.run(read)).toEqual(expected);
          compiled.dispose();
        }),
        { numRuns: 5 },
      );
    },
  );

  it("takes nested numbers, and runs where it was told to", () => {
    for (const target of ["javascript", "wasm", "onnx", "auto"] as const) {
      const compiled = compile(pendulum, { target });
      const { outputs, readouts } = compiled.run({ y: [[0.3, -0.4]], t: 2 });
      expect(outputs.slope).toBeAllclose([[-0.4, Math.cos(2) - Math.sin(0.3)]], { relative: 1e-14 });
      expect(readouts.energy).toBeCloseTo(0.25, 14);
      expect(compiled.target.precision).toBe("float64");
      if (target !== "auto") expect(compiled.target.name).toBe(target);
      compiled.dispose();
    }
  });

  it("shows what was generated for it", () => {
    expect(compile(pendulum, { target: "javascript" }).code).toMatch(/Math\.sin\(/);
    const onnx = compile(pendulum, { target: "onnx" });
    expect(onnx.code).toBeInstanceOf(Uint8Array);
    onnx.dispose();
    const wasm = compile(pendulum, { target: "wasm" });
    expect(WebAssembly.validate(wasm.code as Uint8Array<ArrayBuffer>)).toBe(true);
    wasm.dispose();
    expect(compile(pendulum, { target: "tfjs", precision: "float32" }).code).toBeUndefined();
  });

  it.each([
    ["a missing input", { t: 1 }, 'the graph reads "y" of shape [1,2]; it is missing'],
    ["a missing scalar", { y: [[1, 2]] }, 'the graph reads "t" of shape []; it is missing'],
    ["an unknown name", { y: [[1, 2]], t: 1, h: 2 }, 'the graph reads nothing called "h"; it reads y, t'],
    ["another shape", { y: [1, 2], t: 1 }, '"y" of shape [1,2], got [2]; shapes are fixed'],
    ["an array for a number", { y: [[1, 2]], t: [1] }, '"t" of shape [], got [1]'],
    ["ragged lists", { y: [[1, 2], [1]], t: 1 }, "ragged"],
  ])("refuses %s", (_, read, message) => {
    expect(() => compile(pendulum).run(read)).toThrow(message);
  });

  it("refuses a precision that the target lacks", () => {
    expect(() => compile(pendulum, { target: "tfjs" })).toThrow(TargetError);
    expect(() => compile(pendulum, { target: "javascript", precision: "float32" })).toThrow(TargetError);
  });
});
