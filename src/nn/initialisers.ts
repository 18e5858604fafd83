import { type NdArray, ndArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import { sizeOf } from "../compiler/shape.js";

/** Uniform in +-sqrt(6 / (inputs + outputs)) for a weight of shape [inputs, outputs] (Glorot and Bengio, 2010). */
export function glorotUniform([inputs, outputs]: readonly [number, number], random: Random): NdArray {
  const limit = Math.sqrt(6 / (inputs + outputs));
  const shape = [inputs, outputs];
  return ndArray(
    shape,
    Float64Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * limit),
  );
}
