import type { Target } from "../../compiler/targets/target.js";
import { digitClasses } from "../../data/image-batch.js";
import { pixelsPerImage } from "../../data/labelled-images.js";
import type { Model } from "../../models/model.js";
import { neuralSde } from "../../models/neural-sde.js";
import { dense } from "../../nn/dense.js";
import { sequential } from "../../nn/sequential.js";
import { sosri } from "../../solvers/sde/tableaux/sosri.js";
import type { StochasticTableau } from "../../solvers/sde/tableaux/stochastic-tableau.js";
import type { MnistSdePreset } from "./presets.js";

/** How the network is solved. */
export interface MnistSdeSolve {
  readonly target: Target;
  /** Both tolerances. */
  readonly tolerance: number;
  readonly paths: number;
  /** @defaultValue sosri */
  readonly method?: StochasticTableau;
}

/**
 * The network of Pal et al. (ICML 2021) by their code, where `width` is 32 and `hidden` 64: pixels to rows of the width;
 * drift with one hidden layer of tanh; linear diffusion, element by element; logits. It does not depend on time. (They
 * print the words drift and diffusion the other way round.)
 */
export function mnistSdeNetwork(
  { width, hidden }: Pick<MnistSdePreset, "width" | "hidden">,
  { target, tolerance, paths, method = sosri }: MnistSdeSolve,
): Model {
  return neuralSde({
    encoder: dense({ inputs: pixelsPerImage, outputs: width }),
    drift: sequential({
      hidden: dense({ inputs: width, outputs: hidden, activation: "tanh" }),
      output: dense({ inputs: hidden, outputs: width }),
    }),
    diffusion: dense({ inputs: width, outputs: width }),
    head: dense({ inputs: width, outputs: digitClasses }),
    features: pixelsPerImage,
    width,
    outputs: digitClasses,
    paths,
    method,
    rtol: tolerance,
    atol: tolerance,
    precision: target.precision,
    target,
  });
}
