import type { Layer } from "./layer.js";
import { initialiseLayers, type NamedLayers, namedParams, ownParams } from "./named-layers.js";

/** Layers one after the other, under names; all get the same time. */
export function sequential(layers: NamedLayers): Layer {
  return {
    params: namedParams(layers),
    initialise: (random) => initialiseLayers(layers, random),
    apply: (params, rows, t) =>
      Object.entries(layers).reduce(
        (x, [name, layer]) => layer.apply(ownParams(params, name, layer), x, t),
        rows,
      ),
  };
}
