import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { evaluation } from "../../src/models/block.js";
import { linearModel } from "../../src/models/linear-model.js";
import { inputsName, type Model, outputName } from "../../src/models/model.js";
import { neuralOde } from "../../src/models/neural-ode.js";
import { dense } from "../../src/nn/dense.js";
import { odeProblem } from "../../src/solvers/ode/ode-problem.js";
import { solve } from "../../src/solvers/ode/solve.js";
import { tsit5 } from "../../src/solvers/tableaux/tsit5.js";
import { functionEvaluations } from "../../src/training/objective-step.js";
import { countingTarget } from "../laws/counting-target.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { affine } from "../nn/layers.js";
import { withValues } from "./small-objective.js";

const features = 3;
const outputs = 2;
const head = dense({ inputs: features, outputs });
const field = dense({ inputs: features, outputs: features, activation: "tanh", time: true });
const tolerances = { rtol: 1e-6, atol: 1e-6 };

/** Runs a model's blocks one after the other; also gives the function evaluations of the solve, if there is one. */
function run(model: Model, params: Readonly<Record<string, NdArray>>, inputs: NdArray) {
  return withValues({ ...params, [inputsName]: inputs }, model.target, (read) => {
    let values = read;
    let evaluations: number | undefined;
    const runs = model.blocks(inputs.shape[0]).map((block) => {
      const made = block.forward(values, evaluation);
      values = { ...values, ...made.written };
      if (made.solve) evaluations = functionEvaluations({ runs: [made] });
      return made;
    });
    const output = model.target.get(values[outputName]);
    for (const { release } of runs) release();
    return { output, evaluations };
  });
}

describe("a linear model", () => {
  it("is its head on the inputs, and has no solver", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), anySeed, (batch, seed) => {
        const target = countingTarget();
        const model = linearModel({ head, features, outputs, target });
        const params = model.initialise(new Random(seed));
        const [inputs] = normalArrays([[batch, features]], seed);
        const { output, evaluations } = run(model, params, inputs);
        expect(output).toBeAllclose(affine(inputs, params["head.weight"], params["head.bias"], (x) => x));
        expect(evaluations).toBeUndefined();
        model.dispose();
        expect([target.values, target.programs]).toEqual([0, 0]);
      }),
      { numRuns: 10 },
    );
  });
});

describe("a neural ODE", () => {
  it("is its head on the solution at the end of the span", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), anySeed, (batch, seed) => {
        const target = countingTarget();
        const span = [0.2, 1.5] as const;
        const model = neuralOde({ field, head, features, outputs, span, target, ...tolerances });
        const params = model.initialise(new Random(seed));
        const [inputs] = normalArrays([[batch, features]], seed);
        const { output, evaluations } = run(model, params, inputs);
        const problem = odeProblem({
          field: (t: tf.Scalar, y: tf.Tensor, p: { weight: tf.Tensor; bias: tf.Tensor }) =>
            tf.tanh(
              tf.add(
                tf.matMul(
                  tf.concat([y, tf.mul(tf.ones([batch, 1]), t)], 1) as tf.Tensor2D,
                  p.weight as tf.Tensor2D,
                ),
                p.bias,
              ),
            ),
          y0: inputs,
          params: { weight: params["field.weight"], bias: params["field.bias"] },
          span: [...span],
        });
        const solution = solve(problem, { method: tsit5, target: "javascript", ...tolerances });
        const final = solution.y1 as NdArray;
        expect(output).toBeAllclose(affine(final, params["head.weight"], params["head.bias"], (x) => x));
        expect(evaluations).toBe(solution.stats.nfe.total);
        model.dispose();
        expect([target.values, target.programs]).toEqual([0, 0]);
      }),
      { numRuns: 6 },
    );
  });

  it("has the parameters of field and head under their names, the same for the same seed", () => {
    const model = neuralOde({ field, head, features, outputs, target: "javascript" });
    const [initial, again, other] = [1, 1, 2].map((seed) => model.initialise(new Random(seed)));
    const shapes = { "field.weight": [4, 3], "field.bias": [3], "head.weight": [3, 2], "head.bias": [2] };
    expect(model.params).toEqual(shapes);
    expect(Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))).toEqual(
      shapes,
    );
    expect(again).toEqual(initial);
    expect(other["field.weight"]).not.toEqual(initial["field.weight"]);
  });

  it("starts with the head of the linear model of the same seed", () => {
    const ode = neuralOde({ field, head, features, outputs, target: "javascript" });
    const linear = linearModel({ head, features, outputs, target: "javascript" });
    const initial = ode.initialise(new Random(3));
    for (const [name, value] of Object.entries(linear.initialise(new Random(3))))
      expect(initial[name]).toEqual(value);
  });

  it("compiles its blocks once for each batch size", () => {
    const target = countingTarget();
    const model = neuralOde({ field, head, features, outputs, target });
    expect(model.blocks(2)).toBe(model.blocks(2));
    expect(model.blocks(3)).not.toBe(model.blocks(2));
    model.dispose();
    expect(target.programs).toBe(0);
  });

  it("refuses a target that lacks its precision", () => {
    const options = { field, head, features, outputs, target: "javascript", precision: "float32" } as const;
    expect(() => neuralOde(options)).toThrow(
      'the target "javascript" computes in float64, but float32 was asked for',
    );
    expect(() => linearModel(options)).toThrow("float32 was asked for");
  });

  it("solves a batch as one system: a row's result depends on its neighbours within the tolerance only", () => {
    const model = neuralOde({ field, head, features, outputs, target: "javascript", rtol: 1e-9, atol: 1e-9 });
    const params = model.initialise(new Random(1));
    const [rows] = normalArrays([[4, features]], 1);
    const together = run(model, params, rows).output;
    for (let row = 0; row < 4; row++) {
      const alone = ndArray([1, features], rows.data.slice(row * features, (row + 1) * features));
      const expected = together.data.slice(row * outputs, (row + 1) * outputs);
      expect(run(model, params, alone).output.data).toBeAllclose(expected, { absolute: 1e-7 });
    }
  });
});
