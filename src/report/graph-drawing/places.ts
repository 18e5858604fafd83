import type { Slot } from "./layers.js";

const rounds = 24;

/** The room a slot takes along its layer, in units of a node's. */
const roomOf = ({ passing }: Slot): number => (passing ? 0.35 : 1);

/**
 * A place along its layer for each slot, in the given order and without overlap, near the mean of its neighbours' so
 * that lines are straight.
 */
export function placesOf(layers: readonly (readonly Slot[])[]): Map<Slot, number> {
  const neighbours = new Map<Slot, Slot[]>(layers.flat().map((slot) => [slot, [...slot.above]]));
  for (const slot of layers.flat()) for (const upper of slot.above) neighbours.get(upper)?.push(slot);
  const places = new Map(
    layers.flatMap((layer) => layer.map((slot, i) => [slot, i - layer.length / 2] as const)),
  );
  const place = (slot: Slot): number => places.get(slot) ?? 0;
  for (let round = 0; round < rounds; round++) {
    for (const layer of round % 2 === 0 ? layers : [...layers].reverse()) {
      const wanted = layer.map((slot) => {
        const near = neighbours.get(slot) ?? [];
        return near.length === 0
          ? place(slot)
          : near.reduce((sum, other) => sum + place(other), 0) / near.length;
      });
      separated(wanted, layer.map(roomOf)).forEach((x, i) => void places.set(layer[i], x));
    }
  }
  return places;
}

/**
 * The places nearest to the wanted ones, in least squares, that keep the order and leave each its room: without the room,
 * an isotonic regression, which pools neighbours that are in the wrong order (Ayer et al. 1955).
 */
export function separated(wanted: readonly number[], rooms: readonly number[]): number[] {
  const offsets: number[] = [];
  rooms.forEach((room, i) => void offsets.push(i === 0 ? 0 : offsets[i - 1] + (rooms[i - 1] + room) / 2));
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((place, i) => {
    pools.push({ sum: place - offsets[i], count: 1 });
    while (pools.length > 1 && mean(pools[pools.length - 2]) >= mean(pools[pools.length - 1])) {
      const last = pools.pop() as { sum: number; count: number };
      pools[pools.length - 1].sum += last.sum;
      pools[pools.length - 1].count += last.count;
    }
  });
  return pools
    .flatMap((pool) => new Array<number>(pool.count).fill(mean(pool)))
    .map((x, i) => x + offsets[i]);
}

function mean({ sum, count }: { sum: number; count: number }): number {
  return sum / count;
}
