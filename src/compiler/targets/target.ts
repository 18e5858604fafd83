import type { Graph } from "../graph/graph.js";
import type { NdArray } from "../nd-array.js";
import type { Shape } from "../shape.js";

/** How reals are stored and computed. */
export type Precision = "float32" | "float64";

/** Names of the targets that exist. */
export type TargetName = "javascript" | "onnx" | "tfjs" | "wasm";

/** An array that lives with a target; only its shape can be seen from outside. */
export interface Value {
  readonly shape: Shape;
}

/** Values under names. */
export type NamedValues = Readonly<Record<string, Value>>;

/** A graph made ready to run. */
export interface Program {
  /** What was generated: source, or the bytes of a module or model; left out where nothing is. */
  readonly code?: string | Uint8Array;
  /**
   * Computes the graph's outputs, synchronously.
   *
   * @param values one per graph input, in order; they are not changed and remain the caller's
   * @param scalars one per graph scalar, in order
   * @param readout filled with the graph's readouts, in order
   * @returns one new value per graph output, in order; the caller frees them
   */
  run(values: readonly Value[], scalars: Float64Array, readout: Float64Array): Value[];
  /**
   * As `run`, but writes to what an earlier run of this program returned, which is none of the values: where making values
   * takes a part of the time of a small program. Left out where a target does not offer it.
   */
  runInto?(
    results: readonly Value[],
    values: readonly Value[],
    scalars: Float64Array,
    readout: Float64Array,
  ): void;
  /** Gives back what the program holds; it must not run afterwards. */
  dispose(): void;
}

/** A way to run graphs: generated code, a library, a device. Every target computes the same numbers, up to rounding. */
export interface Target {
  readonly name: TargetName;
  readonly precision: Precision;
  /**
   * Makes a graph ready to run.
   *
   * @throws TargetError when the target lacks one of its operations.
   * @internal
   */
  compile(graph: Graph): Program;
  /** Copies an array to the target. */
  put(array: NdArray): Value;
  /** Copies a value to the host, in the target's precision. */
  get(value: Value): NdArray;
  /** Copies a value to a place in an array of the target's precision: without one more array for each of many values. */
  getInto?(value: Value, data: NdArray["data"], place: number): void;
  /** Gives a value's memory back; it must not be used afterwards. */
  free(value: Value): void;
}

/** A target cannot do what was asked; the message says what can. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}
