import type { MnistOdeRow } from "../../src/experiments/mnist-ode/mnist-ode-row.js";
import { resultRow } from "../report/result-rows.js";

/** A row with every field, invented. */
export const completeRow: MnistOdeRow = {
  ...resultRow(),
  precision: "float64",
  target: "onnx",
  configuration: "0123456789abcdef",
  resolved: [{ precision: "float32", tolerance: 1e-5, nfe: 27 }],
  curve: [{ iteration: 0, epoch: 0, loss: 2.3, penalty: 0, nfe: 39, accuracy: 0.1 }],
  timing: { seconds: 30, totalSeconds: 40 },
  provenance: { node: "v20.20.0", platform: "linux x64", processor: "any", processors: 2, packages: {} },
};
