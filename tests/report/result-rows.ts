import type { MnistOdeRow } from "../../src/experiments/mnist-ode/mnist-ode-row.js";
import type { MeasuredRow } from "../../src/report/result-table.js";

/** What tables and charts read of a row. */
export type ReportedRow = MeasuredRow &
  Omit<MnistOdeRow, "configuration" | "curve" | "timing" | "provenance">;

/** A row of results with everything that tables and charts read; a test names what matters to it. */
export function resultRow(fields: Partial<ReportedRow> = {}): ReportedRow {
  return {
    experiment: "mnist-ode",
    method: "vanilla",
    preset: "quick",
    seed: 1,
    epochs: 3,
    weight: 0,
    rtol: 1e-8,
    precision: "float64",
    controller: "I",
    target: "onnx",
    trainAccuracy: 0.97,
    testAccuracy: 0.92,
    nfe: 69,
    nfeProbe: 63,
    resolved: [],
    timing: { seconds: 30 },
    ...fields,
  };
}

/** Two seeds of the three methods, the penalized one at three weights: invented, but of a likely shape. */
export const sweepRows = [1, 2].flatMap((seed) => [
  resultRow({ method: "linear", seed, testAccuracy: 0.885 + 0.004 * seed, nfe: 0, nfeProbe: 0 }),
  resultRow({ seed, testAccuracy: 0.915 + 0.002 * seed, nfe: 63 + 6 * (seed - 1) }),
  ...[0.1, 1, 10].map((weight, i) =>
    resultRow({
      method: "ernode",
      weight,
      seed,
      testAccuracy: 0.921 - 0.004 * i * seed,
      nfe: 51 - 12 * i,
      nfeProbe: 51 - 6 * i - 6 * seed,
    }),
  ),
]);
