import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "../nn/layer.js";

/** A layer of rows applied to every row of a sequence: from [entries, batch, columns] to [entries, batch, outputs]. */
export function rowsOfSequence(layer: Layer): Layer {
  return {
    ...layer,
    apply: (params, sequence, t) => {
      const [entries, batch, columns] = sequence.shape;
      const rows = layer.apply(params, tf.reshape(sequence, [entries * batch, columns]), t);
      return tf.reshape(rows, [entries, batch, rows.shape[1] ?? 1]);
    },
  };
}
