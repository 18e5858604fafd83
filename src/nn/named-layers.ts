import type { NdArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import type { Shape } from "../compiler/shape.js";
import type { NamedTensors } from "../compiler/trace/trace.js";
import type { Layer } from "./layer.js";

/** Layers under names; the parameter `weight` of the layer `head` is `head.weight`. */
export type NamedLayers = Readonly<Record<string, Layer>>;

/** The parameters of all layers. */
export function namedParams(layers: NamedLayers): Record<string, Shape> {
  return joined(layers, ({ params }) => params);
}

/** Initial parameters of all layers, each drawn from a stream of its own. */
export function initialiseLayers(layers: NamedLayers, random: Random): Record<string, NdArray> {
  return joined(layers, (layer, name) => layer.initialise(random.split(name)));
}

/** The parameters of one of the layers, under the names that it knows. */
export function ownParams(params: NamedTensors, name: string, layer: Layer): NamedTensors {
  return Object.fromEntries(Object.keys(layer.params).map((key) => [key, params[`${name}.${key}`]]));
}

function joined<T>(
  layers: NamedLayers,
  valuesOf: (layer: Layer, name: string) => Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([name, layer]) =>
      Object.entries(valuesOf(layer, name)).map(([key, value]) => [`${name}.${key}`, value] as const),
    ),
  );
}
