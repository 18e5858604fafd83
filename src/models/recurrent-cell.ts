import type * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../compiler/trace/trace.js";
import type { NamedLayers } from "../nn/named-layers.js";

/** A traced function that reads a sequence entry by entry, and what it remembers in between. */
export interface RecurrentCell {
  /** Length of a row of the state, which starts at zero. */
  readonly stateSize: number;
  readonly layers: NamedLayers;
  /** Traced: the rows of the next state, from the parameters of the layers under their names. */
  next(params: NamedTensors, point: SequencePoint): tf.Tensor;
}

/** One entry of a sequence, and the state in which it finds a cell. */
export interface SequencePoint {
  /** Of shape [batch, stateSize]. */
  readonly state: tf.Tensor;
  /** Of shape [batch, columns]. */
  readonly entry: tf.Tensor;
  /** From the entry's time to that of the entry after it; 0 at the last. */
  readonly gap: tf.Tensor;
}
