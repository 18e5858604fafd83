import { ndArray } from "../compiler/nd-array.js";
import { type Shape, sizeOf } from "../compiler/shape.js";
import type { Target } from "../compiler/targets/target.js";
import type { Block } from "./block.js";

/** Where a model gets its noise. */
export interface NoiseBlockOptions {
  /** The name under which the noise is written, and of the stream that it is drawn from. */
  readonly writes: string;
  readonly shape: Shape;
}

/** Independent standard normal numbers, drawn anew in every pass from a stream of the pass's own. */
export function noiseBlock({ writes, shape }: NoiseBlockOptions, target: Target): Block {
  return {
    forward: (_read, { random }) => {
      const numbers = random.split(writes).fillNormal(new Float64Array(sizeOf(shape)));
      const noise = target.put(ndArray(shape, numbers));
      return {
        written: { [writes]: noise },
        penalty: 0,
        pullback: () => ({}),
        release: () => target.free(noise),
      };
    },
    dispose: () => {},
  };
}
