import { type DrawnNode, intoLayers, type Slot } from "./layers.js";
import { withFewCrossings } from "./order.js";
import { placesOf } from "./places.js";

/** A place in a drawing: `x` in widths of a node, `y` in layers from the top. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A drawing of a graph, top to bottom. */
export interface Layout {
  readonly nodes: ReadonlyMap<string, Place>;
  readonly lines: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly Place[];
  }[];
  /** In widths of a node. */
  readonly width: number;
  /** In layers. */
  readonly height: number;
}

/** Draws a directed graph without cycles in layers: every line runs downwards, and nodes do not overlap. */
export function layeredLayout(nodes: readonly DrawnNode[]): Layout {
  const { layers, lines } = intoLayers(nodes);
  const ordered = withFewCrossings(layers);
  const places = placesOf(ordered);
  const left = Math.min(...places.values()) - 0.5;
  const points = new Map<Slot, Place>();
  ordered.forEach((layer, y) => {
    for (const slot of layer) points.set(slot, { x: (places.get(slot) ?? 0) - left, y });
  });
  const pointOf = (slot: Slot): Place => points.get(slot) as Place;
  const boxes = ordered.flat().filter(({ passing }) => !passing);
  return {
    nodes: new Map(boxes.map((slot) => [slot.name, pointOf(slot)])),
    lines: lines.map(({ from, to, slots }) => ({ from, to, points: slots.map(pointOf) })),
    width: Math.max(...places.values()) + 0.5 - left,
    height: ordered.length,
  };
}
