import type { Shape } from "../compiler/shape.js";
import type { Layer } from "../nn/layer.js";
import { namedParams } from "../nn/named-layers.js";
import type { Horizon } from "../regularizers/regularizer.js";
import type { Block } from "./block.js";
import { fieldSignature } from "./field-signature.js";
import { latentSampleBlock } from "./latent-sample.js";
import { layerBlock } from "./layer-block.js";
import { inputsName, layeredModel, type Model, outputName } from "./model.js";
import { noiseBlock } from "./noise-block.js";
import { odeBlock } from "./ode-block.js";
import { completeOdeSettings, type OdeSettings } from "./ode-settings.js";
import { recurrentBlock } from "./recurrent-block.js";
import type { RecurrentCell } from "./recurrent-cell.js";
import { rowsOfSequence } from "./rows-of-sequence.js";

/** Options of a latent ODE. */
export interface LatentOdeOptions extends OdeSettings {
  /** Reads a sequence, backwards. */
  readonly recognition: RecurrentCell;
  /** From the recognition network's state to mean and log-variance of the latent start. */
  readonly toLatent: Layer;
  /** dz/dt as a layer of the latent rows and the time. */
  readonly field: Layer;
  /** From a latent row to an output row. */
  readonly decoder: Layer;
  /** Length of a latent row. */
  readonly latent: number;
  /** Length of a row of the sequence. */
  readonly features: number;
  /** Length of an output row. */
  readonly outputs: number;
  /** Times, in order, of the sequence's entries and of the outputs. */
  readonly times: readonly number[];
}

/** The name under which a latent ODE writes the start of its solutions, of shape [batch, latent]. */
export const latentName = "latent";
/** The name under which it writes the divergence of their distribution from the standard normal one, a scalar. */
export const divergenceName = "divergence";

/**
 * A generative model of sequences (Rubanova et al., NeurIPS 2019): z0 is drawn from a normal distribution that a recurrent
 * network recognises in the inputs, of shape [times, batch, features]; output(t_i) = decoder(z(t_i)), z' = field(z, t), of shape
 * [times, batch, outputs]. Every pass draws one z0 for each row from its own stream, in training and in evaluation.
 */
export function latentOde(options: LatentOdeOptions): Model {
  const { recognition, toLatent, field, decoder, latent, features, outputs, times } = options;
  const { target, precision, solver } = completeOdeSettings(options);
  const horizon: Required<Horizon> = { span: [times[0], times[times.length - 1]], saveAt: times };
  const recognitionLayers = Object.entries(recognition.layers).map(
    ([name, layer]) => [`recognition.${name}`, layer] as const,
  );
  const blocks = (batch: number): Block[] => {
    const latentShape = [batch, latent];
    return [
      recurrentBlock(
        {
          cell: recognition,
          name: "recognition",
          reads: inputsName,
          shape: [times.length, batch, features],
          horizon,
          writes: "recognised",
        },
        target,
      ),
      noiseBlock({ writes: "noise", shape: latentShape }, target),
      latentSampleBlock(
        {
          layer: toLatent,
          name: "toLatent",
          latent,
          shape: [batch, recognition.stateSize],
          names: { state: "recognised", noise: "noise", sample: latentName, divergence: divergenceName },
        },
        target,
      ),
      odeBlock(
        {
          ...solver,
          ...horizon,
          field: fieldSignature(field, latentShape),
          names: {
            state: latentName,
            params: Object.keys(namedParams({ field })),
            result: "final",
            saved: "path",
          },
        },
        target,
      ),
      layerBlock(
        {
          layer: rowsOfSequence(decoder),
          name: "decoder",
          reads: "path",
          shape: [times.length, ...latentShape],
          writes: outputName,
          pullsBackRows: true,
        },
        target,
      ),
    ];
  };
  return layeredModel({
    target,
    precision,
    features,
    outputs,
    outputShape: (batch): Shape => [times.length, batch, outputs],
    layers: { ...Object.fromEntries(recognitionLayers), toLatent, field, decoder },
    blocks,
  });
}
