import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../../models/model.js";
import { type TrajectoryModelOptions, trajectoryModel } from "../../models/trajectory-model.js";
import { dense } from "../../nn/dense.js";
import { pointwise } from "../../nn/pointwise.js";
import { sequential } from "../../nn/sequential.js";

/** A model of the spiral, u' = W2 tanh(W1 u^3 + b1) + b2 (the network of the DiffEqFlux tutorial), solved in some way. */
export function spiralModel(
  hidden: number,
  solver: Omit<TrajectoryModelOptions, "field" | "features">,
): Model {
  const field = sequential({
    cube: pointwise((u) => tf.pow(u, 3)),
    hidden: dense({ inputs: 2, outputs: hidden, activation: "tanh" }),
    output: dense({ inputs: hidden, outputs: 2 }),
  });
  return trajectoryModel({ ...solver, field, features: 2 });
}
