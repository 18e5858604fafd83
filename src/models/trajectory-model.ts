import type { Layer } from "../nn/layer.js";
import { namedParams } from "../nn/named-layers.js";
import { fieldSignature } from "./field-signature.js";
import { inputsName, layeredModel, type Model, outputName } from "./model.js";
import { odeBlock } from "./ode-block.js";
import { completeOdeSettings, type OdeSettings } from "./ode-settings.js";

/** Options of a model of trajectories. */
export interface TrajectoryModelOptions extends OdeSettings {
  /** dy/dt as a layer of the state's rows and the time. */
  readonly field: Layer;
  /** Length of a state row, which starts as the input row. */
  readonly features: number;
  /** Times, in order, of the states that the model writes. */
  readonly saveAt: readonly number[];
  /** Start and end of the solve. @defaultValue the first and the last of `saveAt` */
  readonly span?: readonly [number, number];
}

/**
 * A solution at many times: writes y(t_i) for all t_i of `saveAt`, of shape [times, batch, features], where
 * y' = field(y, t) and y(span[0]) = inputs. A batch is one system with one step size.
 */
export function trajectoryModel(options: TrajectoryModelOptions): Model {
  const { field, features, saveAt } = options;
  const { span = [saveAt[0], saveAt[saveAt.length - 1]] } = options;
  const { target, precision, solver } = completeOdeSettings(options);
  const params = Object.keys(namedParams({ field }));
  const names = { state: inputsName, params, result: "final", saved: outputName };
  return layeredModel({
    target,
    precision,
    features,
    outputs: features,
    outputShape: (batch) => [saveAt.length, batch, features],
    layers: { field },
    blocks: (batch) => [
      odeBlock({ ...solver, field: fieldSignature(field, [batch, features]), span, saveAt, names }, target),
    ],
  });
}
