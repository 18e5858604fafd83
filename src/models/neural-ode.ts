import type { Layer } from "../nn/layer.js";
import { namedParams } from "../nn/named-layers.js";
import type { Block } from "./block.js";
import { fieldSignature } from "./field-signature.js";
import { layerBlock } from "./layer-block.js";
import { inputsName, layeredModel, type Model, outputName } from "./model.js";
import { odeBlock } from "./ode-block.js";
import { completeOdeSettings, type OdeSettings } from "./ode-settings.js";

/** Options of a neural ODE. */
export interface NeuralOdeOptions extends OdeSettings {
  /** dy/dt as a layer of the state's rows and the time. */
  readonly field: Layer;
  /** Reads the state at the end of the span. */
  readonly head: Layer;
  /** Length of a state row, which starts as the input row. */
  readonly features: number;
  /** Length of the head's rows. */
  readonly outputs: number;
  /** @defaultValue [0, 1] */
  readonly span?: readonly [number, number];
}

/** head(y(1)), y' = field(y, t), y(0) = inputs: a batch is one system with one step size (Chen et al., NeurIPS 2018). */
export function neuralOde(options: NeuralOdeOptions): Model {
  const { field, head, features, outputs, span = [0, 1] } = options;
  const { target, precision, solver } = completeOdeSettings(options);
  const params = Object.keys(namedParams({ field }));
  const blocks = (batch: number): Block[] => {
    const shape = [batch, features];
    const names = { state: inputsName, params, result: "final" };
    return [
      odeBlock({ ...solver, field: fieldSignature(field, shape), span, names }, target),
      layerBlock(
        { layer: head, name: "head", reads: "final", shape, writes: outputName, pullsBackRows: true },
        target,
      ),
    ];
  };
  return layeredModel({ target, precision, features, outputs, layers: { field, head }, blocks });
}
