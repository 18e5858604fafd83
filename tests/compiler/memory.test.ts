import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { cotangentName, vjp } from "../../src/compiler/derivatives/vjp.js";
import { onnxTarget } from "../../src/compiler/targets/onnx/onnx-target.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { normalArrays } from "../laws/numbers.js";
import { allTargets, evaluate, targetText } from "../laws/programs.js";

const shapes = { x: [16, 20], w: [20, 20] };
const [x, w, cotangent] = normalArrays([shapes.x, shapes.w, shapes.x], 1);

/** Traces a layer and its gradient, compiles it, runs it, frees everything. */
function wholeLife(target = allTargets[0]): void {
  const graph = trace({ inputs: shapes, scalars: ["t"] }, (read) => {
    const y = tf.tanh(tf.add(tf.matMul(read.x, read.w), read.t));
    return { outputs: { y }, readouts: { size: tf.sum(tf.abs(y)) } };
  });
  const gradient = vjp(graph, { of: ["y"], withRespectTo: ["x", "w", "t"], keep: ["y", "size"] });
  evaluate(gradient, { inputs: { x, w, [cotangentName("y")]: cotangent }, scalars: { t: 0.5 } }, target);
}

describe("memory", () => {
  it.each(allTargets.map((target) => [targetText(target), target] as const))(
    "holds no tensor after 200 programs on %s were compiled, run and freed",
    (_, target) => {
      wholeLife(target);
      const before = tf.memory();
      for (let i = 0; i < 200; i++) wholeLife(target);
      const after = tf.memory();
      expect(after.numTensors).toBe(before.numTensors);
      expect(after.numDataBuffers).toBe(before.numDataBuffers);
    },
  );

  it("of onnxruntime's sessions is given back when programs are disposed", () => {
    const target = onnxTarget({ precision: "float32", threads: 1 });
    const cycles = (count: number): number => {
      for (let i = 0; i < count; i++) wholeLife(target);
      return process.memoryUsage().rss;
    };
    const warm = cycles(200);
    const grown = cycles(400) - warm;
    // a session that is not disposed keeps about 0.2 MB
    expect(grown).toBeLessThan(40 * 2 ** 20);
  });
});
