import type { Graph } from "../../graph/graph.js";
import { ALIGNMENT } from "./memory.js";

/**
 * What a run is given and gives, at the start of its scratch area: readouts and scalars as doubles, then the addresses
 * of inputs and outputs. Offsets are in bytes from there.
 */
export interface ArgumentBlock {
  readonly readouts: number;
  readonly scalars: number;
  readonly pointers: number;
  /** Bytes of the whole block. */
  readonly bytes: number;
}

/** The block of a graph's program. */
export function argumentBlock({ inputs, outputs, scalars, readouts }: Graph): ArgumentBlock {
  const scalarsAt = 8 * Object.keys(readouts).length;
  const pointersAt = scalarsAt + 8 * scalars.length;
  const end = pointersAt + 4 * (inputs.length + Object.keys(outputs).length);
  return {
    readouts: 0,
    scalars: scalarsAt,
    pointers: pointersAt,
    bytes: Math.ceil(end / ALIGNMENT) * ALIGNMENT,
  };
}
