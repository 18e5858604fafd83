import type { Slot } from "./layers.js";

const sweeps = 12;

/**
 * Orders the slots of each layer so that few lines cross: each goes to the mean position of its neighbours in the layer
 * before, downwards and upwards in turn (barycentre method of Sugiyama, Tagawa and Toda 1981); the best order is kept.
 */
export function withFewCrossings(layers: readonly (readonly Slot[])[]): (readonly Slot[])[] {
  const below = new Map<Slot, Slot[]>();
  for (const slot of layers.flat()) {
    for (const upper of slot.above) below.set(upper, [...(below.get(upper) ?? []), slot]);
  }
  const neighbours = { down: (slot: Slot) => slot.above, up: (slot: Slot) => below.get(slot) ?? [] };
  let order = [...layers];
  let best = { order, crossings: crossingsOf(order) };
  for (let sweep = 0; sweep < sweeps && best.crossings > 0; sweep++) {
    order = sorted(order, sweep % 2 === 0 ? neighbours.down : neighbours.up, sweep % 2 === 0);
    const crossings = crossingsOf(order);
    if (crossings < best.crossings) best = { order, crossings };
  }
  return best.order;
}

function sorted(
  layers: readonly (readonly Slot[])[],
  neighboursOf: (slot: Slot) => readonly Slot[],
  downwards: boolean,
): (readonly Slot[])[] {
  const result = [...layers];
  const position = new Map(layers.flatMap((layer) => layer.map((slot, i) => [slot, i] as const)));
  const mean = (slot: Slot): number => {
    const places = neighboursOf(slot).map((neighbour) => position.get(neighbour) ?? 0);
    if (places.length === 0) return position.get(slot) ?? 0;
    return places.reduce((sum, place) => sum + place, 0) / places.length;
  };
  const depths = layers.map((_, depth) => depth);
  for (const depth of downwards ? depths : depths.reverse()) {
    const means = new Map(layers[depth].map((slot) => [slot, mean(slot)]));
    result[depth] = [...layers[depth]].sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0));
    result[depth].forEach((slot, i) => void position.set(slot, i));
  }
  return result;
}

/** Number of pairs of lines that cross between neighbouring layers. */
export function crossingsOf(layers: readonly (readonly Slot[])[]): number {
  const position = new Map(layers.flatMap((layer) => layer.map((slot, i) => [slot, i] as const)));
  return layers.reduce((total, layer) => {
    const lines = layer.flatMap((slot, to) => slot.above.map((upper) => [position.get(upper) ?? 0, to]));
    const crossing = lines.flatMap(([a, b], i) => lines.slice(i).filter(([c, d]) => (a - c) * (b - d) < 0));
    return total + crossing.length;
  }, 0);
}
