import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../compiler/trace/trace.js";
import { dense } from "../nn/dense.js";
import { ownParams } from "../nn/named-layers.js";
import { sequential } from "../nn/sequential.js";
import type { RecurrentCell, SequencePoint } from "./recurrent-cell.js";

/** Sizes of a recognition cell. */
export interface RecognitionCellOptions {
  /** Measured quantities: an entry's row has their values, then whether each was observed, 1 or 0. */
  readonly features: number;
  /** Length of each half of the state. */
  readonly state: number;
  /** Width of the hidden layer of each of the three networks. */
  readonly hidden: number;
}

/**
 * The gated cell that reads a patient's record in the code of Pal et al. (ICML 2021). Its state has two halves, the "mean"
 * and the "deviation" (which nothing keeps positive there); one update gate u and one reset gate r serve both:
 * new = (1 - u) candidate(r old) + u old. All three networks see the state and the entry: values, observed, gap. Where
 * nothing was observed the state stays, but only in an entry without a gap, the last one: the sum that decides counts the gap,
 * there as in the code of Kelly et al. (NeurIPS 2020).
 *
 * The paper has 40 for the state and 50 for the hidden layers; the code, which is followed by who passes 50 and 40, has them
 * the other way round.
 */
export function recognitionCell({ features, state, hidden }: RecognitionCellOptions): RecurrentCell {
  const inputs = 2 * state + 2 * features + 1;
  const gate = () =>
    sequential({
      hidden: dense({ inputs, outputs: hidden, activation: "tanh" }),
      output: dense({ inputs: hidden, outputs: state, activation: "sigmoid" }),
    });
  const candidate = sequential({
    hidden: dense({ inputs, outputs: hidden, activation: "tanh" }),
    output: dense({ inputs: hidden, outputs: 2 * state }),
  });
  const layers = { update: gate(), reset: gate(), candidate };
  return { stateSize: 2 * state, layers, next };

  function next(params: NamedTensors, { state: old, entry, gap }: SequencePoint): tf.Tensor {
    const [rows] = entry.shape;
    const read = tf.concat([entry, tf.mul(tf.ones([rows, 1]), gap)], 1);
    const apply = (name: keyof typeof layers, from: tf.Tensor): tf.Tensor =>
      layers[name].apply(ownParams(params, name, layers[name]), tf.concat([from, read], 1));
    const bothHalves = (half: tf.Tensor): tf.Tensor => tf.concat([half, half], 1);
    const reset = bothHalves(apply("reset", old));
    const kept = bothHalves(apply("update", old));
    const found = apply("candidate", tf.mul(reset, old));
    const updated = tf.add(found, tf.mul(kept, tf.sub(old, found)));
    const seen = tf.slice(read, [0, features], [rows, features + 1]);
    return tf.where(tf.greater(tf.sum(seen, 1, true), 0), updated, old);
  }
}
