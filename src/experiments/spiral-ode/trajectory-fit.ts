import * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../../compiler/nd-array.js";
import type { Model } from "../../models/model.js";
import { WholeFit } from "../../training/whole-fit.js";

/**
 * The fit of a model's trajectory to given states: the loss is the sum of squared differences.
 *
 * @param start of shape [1, features]
 * @param states of shape [times, 1, features]
 */
export function trajectoryFit(model: Model, start: NdArray, states: NdArray): WholeFit {
  return new WholeFit({
    model,
    inputs: start,
    data: { states },
    loss: (output, data) => tf.sum(tf.squaredDifference(output, data.states)),
  });
}
