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
import type { MnistOdePreset } from "./presets.js";

/** Controllers by the names of configurations. */
const controllerByName = { I: integralController, PI: proportionalIntegralController };

const head = dense({ inputs: pixelsPerImage, outputs: digitClasses });

/**
 * The field of Pal et al. (ICML 2021), as their code has it: tanh(W2 [tanh(W1 [y, t] + b1), t] + b2), 784 pixels, time as
 * the last input of both layers, tanh on the output too.
 */
function mnistField(hidden: number): Layer {
  return sequential({
    hidden: dense({ inputs: pixelsPerImage, outputs: hidden, activation: "tanh", time: true }),
    output: dense({ inputs: hidden, outputs: pixelsPerImage, activation: "tanh", time: true }),
  });
}

/** The model that a configuration trains. */
export function mnistModel(configuration: MnistOdeConfiguration): Model {
  const shape = { head, features: pixelsPerImage, outputs: digitClasses, precision: configuration.precision };
  if (configuration.method === "linear") return linearModel(shape);
  return neuralOde({ ...shape, ...solverOf(configuration) });
}

/** The same network solved in another way, to see what its solution costs there. */
export function mnistNetwork(
  hidden: number,
  solver: Omit<NeuralOdeOptions, "field" | "head" | "features" | "outputs">,
) {
  return neuralOde({
    ...solver,
    field: mnistField(hidden),
    head,
    features: pixelsPerImage,
    outputs: digitClasses,
  });
}

function solverOf({ hidden, tolerance, controller }: MnistOdePreset) {
  const solver = { rtol: tolerance, atol: tolerance, controller: controllerByName[controller] };
  return { ...solver, field: mnistField(hidden) };
}
