import type * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import type { Shape } from "../compiler/shape.js";
import type { NamedTensors } from "../compiler/trace/trace.js";

/** A traced function with parameters: names and shapes, initial values, and how they act on a batch. */
export interface Layer {
  /** Parameters by name; names inside composed layers are joined by dots. */
  readonly params: Readonly<Record<string, Shape>>;
  /** Draws initial parameters from a seeded stream. */
  initialise(random: Random): Record<string, NdArray>;
  /** Applies the layer to a batch, of rows or of images; `t` is the time, for layers that depend on it. */
  apply(params: NamedTensors, batch: tf.Tensor, t?: tf.Tensor): tf.Tensor;
}
