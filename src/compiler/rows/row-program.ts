import type { Graph } from "../graph/graph.js";
import type { ReductionKind } from "../graph/node.js";
import type { Shape } from "../shape.js";

/** Where a whole array of a row program lies: an input or output of the original graph, or one of the temporaries. */
export interface Place {
  readonly kind: "input" | "output" | "temporary";
  readonly index: number;
}

/**
 * How a stage touches an array: as a whole; only the rows at hand, `rowSize` elements each, one after the other; or as a
 * running result, to which each call adds what its rows contribute.
 */
export type Access =
  | { readonly by: "whole" }
  | { readonly by: "rows"; readonly rowSize: number }
  | RunningAccess;

/** A running result: a sum, maximum or minimum over the rows so far. */
export interface RunningAccess {
  readonly by: "running";
  readonly reduction: ReductionKind;
  /** Place that holds what a sum starts from; absent where the result starts from `neutral`. */
  readonly start?: Place;
  /** What leaves every other number as it is: 0 for a sum, an infinity for an extremum. */
  readonly neutral: number;
}

/** An array that a stage reads or writes. */
export interface Operand {
  readonly place: Place;
  readonly access: Access;
}

/**
 * Computes row by row: for any number of rows there is a graph, whose inputs and outputs are described by `inputs` and
 * `outputs`, in order. A running result is both an input (what has been added up so far) and an output, in that order
 * of the same place, and may be updated there. Rows may be taken in any portions and any order; sums then differ by rounding.
 */
export interface RowsStage {
  readonly kind: "rows";
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  /** Elements that are combined for each row, roughly. */
  readonly workPerRow: number;
  /** Elements that are read, written or kept meanwhile for each row, roughly. */
  readonly elementsPerRow: number;
  graphFor(rows: number): Graph;
}

/** Computes, once, what is the same for all rows. All accesses are to whole arrays. */
export interface SharedStage {
  readonly kind: "shared";
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly graph: Graph;
}

/** A part of a row program. Its graphs have the scalars of the original graph, in their order. */
export type Stage = RowsStage | SharedStage;

/**
 * A graph as stages that are run one after the other. Readouts, all of the original's in their order, are those of the
 * last stage.
 */
export interface RowProgram {
  /** Length of the batch. */
  readonly rows: number;
  readonly stages: readonly Stage[];
  /** Shapes of the arrays that only pass from stage to stage. */
  readonly temporaries: readonly Shape[];
}
