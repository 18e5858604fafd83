import type { Shape } from "../compiler/shape.js";
import type { Target } from "../compiler/targets/target.js";
import type { Layer } from "../nn/layer.js";
import type { Block } from "./block.js";
import { tracedBlock } from "./traced-block.js";

/** Puts a prefix before every name, as in "head.weight". */
export function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}

/** Where a layer stands in a model. */
export interface LayerBlockOptions {
  readonly layer: Layer;
  /** Prefix of its parameters' names. */
  readonly prefix: string;
  readonly reads: string;
  readonly shape: Shape;
  readonly writes: string;
  /** Whether the gradient for what it reads is wanted. */
  readonly pullsBackRows: boolean;
}

/** A layer as a block. */
export function layerBlock(options: LayerBlockOptions, target: Target): Block {
  const { layer, prefix, reads, shape, writes, pullsBackRows } = options;
  const params = prefixed(prefix, layer.params);
  return tracedBlock(
    {
      reads: { [reads]: shape, ...params },
      withRespectTo: [...(pullsBackRows ? [reads] : []), ...Object.keys(params)],
      of: [writes],
      run: (read) => {
        const own = Object.fromEntries(
          Object.keys(layer.params).map((name) => [name, read[`${prefix}.${name}`]]),
        );
        return { [writes]: layer.apply(own, read[reads]) };
      },
    },
    target,
  );
}
