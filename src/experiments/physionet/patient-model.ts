import * as tf from "@tensorflow/tfjs-core";
import { type LatentOdeOptions, latentOde } from "../../models/latent-ode.js";
import type { Model } from "../../models/model.js";
import { recognitionCell } from "../../models/recognition-cell.js";
import { dense } from "../../nn/dense.js";
import type { Layer } from "../../nn/layer.js";
import { pointwise } from "../../nn/pointwise.js";
import { sequential } from "../../nn/sequential.js";

/** Widths of the networks. */
export interface PatientModelSizes {
  /** Length of the latent state. */
  readonly latent: number;
  /** Width of the field's hidden layers. */
  readonly hidden: number;
  /** Length of each half of the recognition network's state, and width of the layer from there to the latent state. */
  readonly recognition: number;
  /** Width of the hidden layers in the recognition network. */
  readonly recognitionHidden: number;
}

/** Blocks of two layers in the field: to the hidden width and back. */
const fieldBlocks = 4;

/**
 * The field in the code of Pal et al. (ICML 2021), autonomous: tanh, then latent-hidden-latent four times, tanh after every
 * one of the 8 dense layers, the last included. The paper says 4 layers.
 */
export function patientField({ latent, hidden }: PatientModelSizes): Layer {
  const blocks = Array.from({ length: fieldBlocks }, (_, i) => [
    [`up${i}`, dense({ inputs: latent, outputs: hidden, activation: "tanh" })],
    [`down${i}`, dense({ inputs: hidden, outputs: latent, activation: "tanh" })],
  ]);
  return sequential({ squash: pointwise((z) => tf.tanh(z)), ...Object.fromEntries(blocks.flat()) });
}

/** How a model of patients is solved, and when its records have entries. */
export type PatientSolver = Omit<
  LatentOdeOptions,
  "recognition" | "toLatent" | "field" | "decoder" | "latent" | "features" | "outputs"
>;

/**
 * A latent ODE of patients with the networks in the code of Pal et al. (ICML 2021). It reads the values of all features, then
 * whether each was observed, and writes the values.
 */
export function patientModel(features: number, sizes: PatientModelSizes, solver: PatientSolver): Model {
  const { latent, recognition, recognitionHidden } = sizes;
  return latentOde({
    ...solver,
    recognition: recognitionCell({ features, state: recognition, hidden: recognitionHidden }),
    toLatent: sequential({
      hidden: dense({ inputs: 2 * recognition, outputs: recognition, activation: "tanh" }),
      output: dense({ inputs: recognition, outputs: 2 * latent }),
    }),
    field: patientField(sizes),
    decoder: dense({ inputs: latent, outputs: features }),
    latent,
    features: 2 * features,
    outputs: features,
  });
}
