import type { Graph } from "../../../graph/graph.js";
import type { Place, RowsStage, RunningAccess } from "../../../rows/row-program.js";
import { type Shape, sizeOf } from "../../../shape.js";

/** A result to which every chunk of rows adds. */
export interface RunningResult extends Omit<RunningAccess, "by"> {
  readonly place: Place;
  readonly shape: Shape;
  /** How many elements it has. */
  readonly size: number;
}

/** How so many elements begin: with a number everywhere, or as a copy. */
export interface Beginning {
  readonly place: Place;
  readonly size: number;
  readonly from: number | Place;
}

/** The running results of a stage, whose graph tells their shapes. */
export function runningResultsOf({ outputs }: RowsStage, graph: Graph): RunningResult[] {
  return Object.values(graph.outputs).flatMap(({ shape }, i) => {
    const { place, access } = outputs[i];
    return access.by === "running" ? [{ ...access, place, shape, size: sizeOf(shape) }] : [];
  });
}
