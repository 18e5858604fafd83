import { onnxTarget } from "../../compiler/targets/onnx/onnx-target.js";
import { wasmTarget } from "../../compiler/targets/wasm/wasm-target.js";
import { digitClasses } from "../../data/image-batch.js";
import { pixelsPerImage } from "../../data/labelled-images.js";
import { linearModel } from "../../models/linear-model.js";
import type { Model } from "../../models/model.js";
import { type NeuralOdeOptions, neuralOde } from "../../models/neural-ode.js";
import { dense } from "../../nn/dense.js";
import type { Layer } from "../../nn/layer.js";
import { sequential } from "../../nn/sequential.js";
import { integralController, proportionalIntegralController } from "../../solvers/ode/controllers.js";
import type { MnistOdeConfiguration } from "./configuration.js";

/** Controllers by the names of configurations. */
export const controllerByName = { I: integralController, PI: proportionalIntegralController };

/** From rows of pixels to rows of logits. */
const rows = {
  features: pixelsPerImage,
  outputs: digitClasses,
  head: dense({ inputs: pixelsPerImage, outputs: digitClasses }),
};

/**
 * The field of Pal et al. (ICML 2021), as their code has it: tanh(W2 [tanh(W1 [y, t] + b1), t] + b2), 784 pixels, time as
 * the last input of both layers, tanh on the output too.
 */
export function mnistField(hidden: number): Layer {
  return sequential({
    hidden: dense({ inputs: pixelsPerImage, outputs: hidden, activation: "tanh", time: true }),
    output: dense({ inputs: hidden, outputs: pixelsPerImage, activation: "tanh", time: true }),
  });
}

/** The model that a configuration trains. */
export function mnistModel(configuration: MnistOdeConfiguration, threads: number): Model {
  const { method, hidden, tolerance, controller, precision, target: name } = configuration;
  const target = (name === "wasm" ? wasmTarget : onnxTarget)({ precision, threads });
  if (method === "linear") return linearModel({ ...rows, precision, target });
  const solver = { rtol: tolerance, atol: tolerance, controller: controllerByName[controller] };
  return mnistNetwork(hidden, { ...solver, precision, target });
}

/** The network, solved in some way: as it is trained, or in another to see what its solution costs there. */
export function mnistNetwork(
  hidden: number,
  solver: Omit<NeuralOdeOptions, "field" | "head" | "features" | "outputs">,
): Model {
  return neuralOde({ ...rows, ...solver, field: mnistField(hidden) });
}
