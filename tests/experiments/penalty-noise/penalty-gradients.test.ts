import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { onnxTarget } from "../../../src/compiler/targets/onnx/onnx-target.js";
import { wasmTarget } from "../../../src/compiler/targets/wasm/wasm-target.js";
import { comparePenaltyGradients } from "../../../src/experiments/penalty-noise/penalty-gradients.js";
import { dense } from "../../../src/nn/dense.js";
import { sequential } from "../../../src/nn/sequential.js";
import { integralController } from "../../../src/solvers/ode/controllers.js";
import { normalArrays } from "../../laws/numbers.js";

const [rows, width, hidden] = [16, 12, 8];
const field = sequential({
  hidden: dense({ inputs: width, outputs: hidden, activation: "tanh", time: true }),
  output: dense({ inputs: hidden, outputs: width, activation: "tanh", time: true }),
});

function comparison(tolerance: number, seed: number, makeTarget: typeof onnxTarget | typeof wasmTarget) {
  const [inputs] = normalArrays([[rows, width]], seed);
  const params = field.initialise(new Random(seed));
  const targets = {
    float32: makeTarget({ precision: "float32", threads: 1 }),
    float64: makeTarget({ precision: "float64", threads: 1 }),
  };
  return comparePenaltyGradients(
    { field, params, inputs, targets },
    { tolerance, controller: integralController },
  );
}

describe.each([
  ["onnx", onnxTarget],
  ["wasm", wasmTarget],
] as const)("on %s", (_, makeTarget) => {
  it.each([1, 2, 3])(
    "single precision follows the true gradient where its estimate is no rounding, seed %d",
    (seed) => {
      const { cosine, lengthRatio, nfe, penalty } = comparison(1e-4, seed, makeTarget);
      expect(cosine).toBeGreaterThan(0.999);
      expect(lengthRatio).toBeAllclose(1, { relative: 0.02 });
      expect(penalty.float32).toBeAllclose(penalty.float64, { relative: 0.02 });
      expect(nfe.float32).toBe(nfe.float64);
    },
  );

  it.each([1, 2, 3])(
    "below its resolution it takes more steps and follows something else, seed %d",
    (seed) => {
      const { cosine, lengthRatio, nfe, penalty } = comparison(1e-9, seed, makeTarget);
      expect(cosine).toBeLessThan(0.9);
      expect(lengthRatio).toBeGreaterThan(1.5);
      expect(penalty.float32).toBeGreaterThan(2 * penalty.float64);
      expect(nfe.float32).toBeGreaterThan(nfe.float64);
    },
  );
});
