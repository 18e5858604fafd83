/** A directed graph without cycles: each node after those that it reads. */
export interface DrawnNode {
  readonly name: string;
  readonly reads: readonly string[];
}

/** A node's place in a layer, or that of a line that passes through the layer on its way to a later one. */
export interface Slot {
  readonly name: string;
  /** Whether a line passes here. */
  readonly passing: boolean;
  /** Slots in the layer above that are joined to this one. */
  readonly above: readonly Slot[];
}

/** Each line from node to node, as the slots that it runs through. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly slots: readonly Slot[];
}

/** Slots in layers, so that every line runs from one layer to the next. */
export interface Layers {
  readonly layers: readonly (readonly Slot[])[];
  readonly lines: readonly Line[];
}

/**
 * Puts each node below everything it reads (longest path, as in Sugiyama, Tagawa and Toda 1981), and nodes that read
 * nothing just above their first reader; long lines get a slot in every layer that they cross.
 */
export function intoLayers(nodes: readonly DrawnNode[]): Layers {
  const depths = depthsOf(nodes);
  const depthOf = (name: string): number => depths.get(name) ?? 0;
  const layers = Array.from({ length: 1 + Math.max(-1, ...depths.values()) }, (): Slot[] => []);
  const slots = new Map<string, Slot>();
  const lines: Line[] = [];
  for (const { name, reads } of nodes) {
    const own: Slot[] = [];
    const slot: Slot = { name, passing: false, above: own };
    for (const from of new Set(reads)) {
      const path = [slots.get(from) as Slot];
      for (let depth = depthOf(from) + 1; depth < depthOf(name); depth++) {
        const passage: Slot = { name: `${from} to ${name}`, passing: true, above: [path[path.length - 1]] };
        layers[depth].push(passage);
        path.push(passage);
      }
      own.push(path[path.length - 1]);
      lines.push({ from, to: name, slots: [...path, slot] });
    }
    layers[depthOf(name)].push(slot);
    slots.set(name, slot);
  }
  return { layers, lines };
}

function depthsOf(nodes: readonly DrawnNode[]): Map<string, number> {
  const depths = new Map<string, number>();
  for (const { name, reads } of nodes) {
    depths.set(name, Math.max(-1, ...reads.map((from) => depths.get(from) ?? 0)) + 1);
  }
  for (const { name, reads } of nodes) {
    if (reads.length > 0) continue;
    const readers = nodes.filter((node) => node.reads.includes(name));
    if (readers.length > 0) {
      depths.set(name, Math.min(...readers.map((reader) => depths.get(reader.name) ?? 1)) - 1);
    }
  }
  return depths;
}
