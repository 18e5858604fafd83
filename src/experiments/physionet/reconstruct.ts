import type { NdArray } from "../../compiler/nd-array.js";
import type { Random } from "../../compiler/random.js";
import type { NamedValues } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { type BlockRun, evaluation } from "../../models/block.js";
import { latentName } from "../../models/latent-ode.js";
import { inputsName, type Model, outputName } from "../../models/model.js";
import type { StepRecord } from "../../solvers/ode/step-records.js";

/** What a latent ODE makes of records. */
export interface Reconstruction {
  /** The start of each solution, of shape [records, latent]. */
  readonly latent: NdArray;
  /** Of shape [times, records, features]. */
  readonly output: NdArray;
  /** The steps of the one solve. */
  readonly steps: readonly StepRecord[];
}

/**
 * Passes records through a latent ODE as one batch, with latent starts drawn from a stream.
 *
 * @param inputs what the model reads, of shape [times, records, columns].
 * @throws SolveError when the solve fails.
 */
export function reconstruct(
  model: Model,
  params: Readonly<Record<string, NdArray>>,
  inputs: NdArray,
  random: Random,
): Reconstruction {
  const { target } = model;
  const scope = new ValueScope(target);
  const runs: BlockRun[] = [];
  try {
    const arrays = { ...params, [inputsName]: inputs };
    const names = Object.keys(arrays);
    const put = scope.put(Object.values(arrays));
    let values: NamedValues = Object.fromEntries(names.map((name, i) => [name, put[i]]));
    for (const block of model.blocks(inputs.shape[1])) {
      const run = block.forward(values, { ...evaluation, random });
      runs.push(run);
      values = { ...values, ...run.written };
    }
    const latent = target.get(values[latentName]);
    const output = target.get(values[outputName]);
    return { latent, output, steps: runs.flatMap(({ solve }) => solve?.steps ?? []) };
  } finally {
    for (const run of runs) run.release();
    scope.release();
  }
}
