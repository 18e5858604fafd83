import type { NdArray } from "../../compiler/nd-array.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { evaluation } from "../../models/block.js";
import { inputsName } from "../../models/model.js";
import { trajectoryModel } from "../../models/trajectory-model.js";
import { functionEvaluations } from "../../training/objective-step.js";
import { commonProbe, otherProbes, type ProbedSolve, probeCosts } from "../probed-solves.js";
import type { ResultRow } from "../result-row.js";
import { type PatientModelSizes, patientField } from "./patient-model.js";

/** What is probed: a trained field, from given starts. */
export interface ProbedField {
  readonly sizes: PatientModelSizes;
  readonly params: Readonly<Record<string, NdArray>>;
  /** Of shape [records, latent]: one system. */
  readonly starts: NdArray;
  readonly times: readonly number[];
}

/**
 * What the solution of a trained field costs, measured the same way for every row.
 *
 * @throws SolveError when a solve fails; the signal's reason when it is aborted.
 */
export function probe(
  field: ProbedField,
  signal?: AbortSignal,
): Promise<Pick<ResultRow, "nfeProbe" | "resolved">> {
  return probeCosts([commonProbe, ...otherProbes], (solve) => costOf(field, solve), signal);
}

function costOf(
  { sizes, params, starts, times }: ProbedField,
  { precision, tolerance }: ProbedSolve,
): number {
  const model = trajectoryModel({
    field: patientField(sizes),
    features: sizes.latent,
    saveAt: times,
    precision,
    rtol: tolerance,
    atol: tolerance,
    target: "wasm",
  });
  const scope = new ValueScope(model.target);
  try {
    const names = Object.keys(model.params);
    const [inputs, ...values] = scope.put([starts, ...names.map((name) => params[name])]);
    const read = { [inputsName]: inputs, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) };
    const [block] = model.blocks(starts.shape[0]);
    const run = block.forward(read, evaluation);
    run.release();
    return functionEvaluations({ runs: [run] });
  } finally {
    scope.release();
    model.dispose();
  }
}
