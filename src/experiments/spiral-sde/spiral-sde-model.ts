import * as tf from "@tensorflow/tfjs-core";
import { chooseTarget } from "../../compiler/targets/choose-target.js";
import { inputsName, layeredModel, type Model, outputName } from "../../models/model.js";
import { sdeBlock } from "../../models/sde-block.js";
import { dense } from "../../nn/dense.js";
import { namedParams } from "../../nn/named-layers.js";
import { pointwise } from "../../nn/pointwise.js";
import { sequential } from "../../nn/sequential.js";
import { sosri } from "../../solvers/sde/tableaux/sosri.js";
import { sosri2 } from "../../solvers/sde/tableaux/sosri2.js";
import type { SpiralSdeConfiguration } from "./configuration.js";

/** What a model depends on. */
export type SpiralSdeModelOptions = Pick<
  SpiralSdeConfiguration,
  "hidden" | "precision" | "target" | "tolerance" | "solver" | "span"
> & {
  /** Times, in order, of the states that the model writes. */
  readonly saveAt: readonly number[];
  /** Ends of prescribed steps. @defaultValue chosen by the controller */
  readonly grid?: readonly number[];
};

/** Solvers by the names of configurations. */
const solvers = { sosri, sosri2 };

/**
 * A model of the stochastic spiral, solved in some way: the drift is W2 tanh(W1 u^3 + b1) + b2, the diffusion, element by
 * element, W3 u + b3 (Pal et al., ICML 2021, code). It writes u(t_i) for all t_i of `saveAt`, of shape [times, paths, 2].
 */
export function spiralSdeModel(options: SpiralSdeModelOptions): Model {
  const { hidden, precision, span, saveAt, grid, tolerance, solver } = options;
  const target = chooseTarget(options.target, precision);
  const layers = {
    drift: sequential({
      cube: pointwise((u) => tf.pow(u, 3)),
      hidden: dense({ inputs: 2, outputs: hidden, activation: "tanh" }),
      output: dense({ inputs: hidden, outputs: 2 }),
    }),
    diffusion: dense({ inputs: 2, outputs: 2 }),
  };
  const params = Object.keys(namedParams(layers));
  const names = { state: inputsName, params, result: "final", saved: outputName };
  const method = solvers[solver];
  return layeredModel({
    target,
    precision,
    features: 2,
    outputs: 2,
    outputShape: (paths) => [saveAt.length, paths, 2],
    layers,
    blocks: (paths) => [
      sdeBlock(
        { ...layers, shape: [paths, 2], method, rtol: tolerance, atol: tolerance, span, saveAt, grid, names },
        target,
      ),
    ],
  });
}
