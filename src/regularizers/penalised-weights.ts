import type * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../compiler/trace/trace.js";
import type { Schedule } from "../nn/schedules.js";

/** Options of a penalty on weights. */
export interface WeightPenaltyOptions {
  readonly weight: Schedule;
  /** Whether a parameter of the field is penalised, by its name in the model. @defaultValue those with two axes or more */
  readonly includes?: (name: string) => boolean;
}

/** The parameters of a field that are penalised: by default matrices and kernels, not biases and gains. */
export function penalisedWeights(
  penalty: string,
  params: NamedTensors,
  { includes }: Pick<WeightPenaltyOptions, "includes">,
): tf.Tensor[] {
  const chosen = Object.entries(params).filter(([name, { rank }]) => (includes ? includes(name) : rank >= 2));
  if (chosen.length > 0) return chosen.map(([, tensor]) => tensor);
  throw new RangeError(
    `${penalty}: none of the field's parameters is penalised; there are ${Object.keys(params).join(", ")}`,
  );
}
