import { chooseTarget, type TargetChoice } from "../compiler/targets/choose-target.js";
import type { Precision } from "../compiler/targets/target.js";
import type { Layer } from "../nn/layer.js";
import { layerBlock } from "./layer-block.js";
import { inputsName, layeredModel, type Model, outputName } from "./model.js";

/** Options of a model that is its head alone. */
export interface LinearModelOptions {
  readonly head: Layer;
  readonly features: number;
  readonly outputs: number;
  /** @defaultValue "float64" */
  readonly precision?: Precision;
  /** @defaultValue "auto" */
  readonly target?: TargetChoice;
}

/** The head applied to the inputs themselves: what is left of a neural ODE without the ODE. */
export function linearModel(options: LinearModelOptions): Model {
  const { head, features, outputs, precision = "float64" } = options;
  const target = chooseTarget(options.target ?? "auto", precision);
  return layeredModel({
    target,
    precision,
    features,
    outputs,
    layers: { head },
    blocks: (batch) => [
      layerBlock(
        {
          layer: head,
          name: "head",
          reads: inputsName,
          shape: [batch, features],
          writes: outputName,
          pullsBackRows: false,
        },
        target,
      ),
    ],
  });
}
