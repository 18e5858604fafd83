import type { NamedTensors } from "../compiler/trace/trace.js";
import type { Layer } from "./layer.js";

/** Layers one after the other, under names; all get the same time. */
export function sequential(layers: Readonly<Record<string, Layer>>): Layer {
  const entries = Object.entries(layers);
  const prefixed = <T>(name: string, values: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]);
  return {
    params: Object.fromEntries(entries.flatMap(([name, layer]) => prefixed(name, layer.params))),
    initialise: (random) =>
      Object.fromEntries(
        entries.flatMap(([name, layer]) => prefixed(name, layer.initialise(random.split(name)))),
      ),
    apply: (params, rows, t) =>
      entries.reduce((x, [name, layer]) => layer.apply(own(params, name, layer), x, t), rows),
  };
}

function own(params: NamedTensors, name: string, layer: Layer): NamedTensors {
  return Object.fromEntries(Object.keys(layer.params).map((key) => [key, params[`${name}.${key}`]]));
}
