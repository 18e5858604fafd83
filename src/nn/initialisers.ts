import { type NdArray, ndArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import { type Shape, sizeOf } from "../compiler/shape.js";

/**
 * Uniform in +-sqrt(6 / (inputs + outputs)) for a weight whose last two axes are inputs and outputs (Glorot and Bengio,
 * 2010). Axes in front of these are a window, each place of which has its own weights: it multiplies both numbers.
 */
export function glorotUniform(shape: Shape, random: Random): NdArray {
  const [inputs, outputs] = shape.slice(-2);
  const limit = Math.sqrt(6 / (sizeOf(shape.slice(0, -2)) * (inputs + outputs)));
  return ndArray(
    shape,
    Float64Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * limit),
  );
}

/** All ones. */
export function ones(shape: Shape): NdArray {
  return ndArray(shape, new Float64Array(sizeOf(shape)).fill(1));
}
