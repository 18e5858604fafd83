import type { Shape } from "../compiler/shape.js";
import type { Target } from "../compiler/targets/target.js";
import type { Layer } from "../nn/layer.js";
import { namedParams, ownParams } from "../nn/named-layers.js";
import type { Block } from "./block.js";
import { tracedBlock } from "./traced-block.js";

/** Where a layer stands in a model. */
export interface LayerBlockOptions {
  readonly layer: Layer;
  /** Its name in the model, before its parameters' names. */
  readonly name: string;
  readonly reads: string;
  readonly shape: Shape;
  readonly writes: string;
  /** Whether the gradient for what it reads is wanted. */
  readonly pullsBackRows: boolean;
}

/** A layer as a block. */
export function layerBlock(options: LayerBlockOptions, target: Target): Block {
  const { layer, name, reads, shape, writes, pullsBackRows } = options;
  const params = namedParams({ [name]: layer });
  return tracedBlock(
    {
      reads: { [reads]: shape, ...params },
      withRespectTo: [...(pullsBackRows ? [reads] : []), ...Object.keys(params)],
      of: [writes],
      run: (read) => ({ [writes]: layer.apply(ownParams(read, name, layer), read[reads]) }),
    },
    target,
  );
}
