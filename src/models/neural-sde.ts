import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "../nn/layer.js";
import { namedParams } from "../nn/named-layers.js";
import type { Block } from "./block.js";
import { layerBlock } from "./layer-block.js";
import { inputsName, layeredModel, type Model, outputName } from "./model.js";
import { sdeBlock } from "./sde-block.js";
import { completeSdeSettings, type SdeSettings } from "./sde-settings.js";
import type { StochasticLayers } from "./sde-signature.js";

/** Options of a neural SDE. */
export interface NeuralSdeOptions extends SdeSettings, StochasticLayers {
  /** Makes the initial state's rows of the input rows. */
  readonly encoder: Layer;
  /** Reads the state at the end of the span. */
  readonly head: Layer;
  /** Length of an input row. */
  readonly features: number;
  /** Length of a state row. */
  readonly width: number;
  /** Length of the head's rows. */
  readonly outputs: number;
  /** @defaultValue [0, 1] */
  readonly span?: readonly [number, number];
  /** Over how many paths of the noise the head's rows are averaged, each row of a batch along its own. @defaultValue 1 */
  readonly paths?: number;
}

/**
 * Mean over paths of head(y(1)), dy = drift(y, t) dt + diffusion(y, t) dW, y(0) = encoder(inputs). A batch with all its paths
 * is one system with one step size.
 *
 * @throws RangeError when there is not a whole number of paths.
 */
export function neuralSde(options: NeuralSdeOptions): Model {
  const { drift, diffusion, encoder, head, features, width, outputs, span = [0, 1], paths = 1 } = options;
  if (!Number.isInteger(paths) || paths < 1) {
    throw new RangeError(`neuralSde: paths must be a whole number of at least 1, got ${paths}`);
  }
  const { target, precision, solver } = completeSdeSettings(options);
  const names = {
    state: "encoded",
    params: Object.keys(namedParams({ drift, diffusion })),
    result: "final",
  };
  const blocks = (batch: number): Block[] => {
    const shape = [batch * paths, width];
    return [
      layerBlock(
        {
          layer: repeated(encoder, paths),
          name: "encoder",
          reads: inputsName,
          shape: [batch, features],
          writes: names.state,
          pullsBackRows: false,
        },
        target,
      ),
      sdeBlock({ ...solver, drift, diffusion, shape, span, names }, target),
      layerBlock(
        {
          layer: averaged(head, paths),
          name: "head",
          reads: names.result,
          shape,
          writes: outputName,
          pullsBackRows: true,
        },
        target,
      ),
    ];
  };
  const layers = { encoder, drift, diffusion, head };
  return layeredModel({ target, precision, features, outputs, layers, blocks });
}

/** A layer whose batch of rows is repeated, one batch after the other. */
function repeated(layer: Layer, times: number): Layer {
  if (times === 1) return layer;
  return { ...layer, apply: (params, rows, t) => tf.tile(layer.apply(params, rows, t), [times, 1]) };
}

/** A layer whose rows are averaged over batches that lie one after the other. */
function averaged(layer: Layer, batches: number): Layer {
  if (batches === 1) return layer;
  return {
    ...layer,
    apply: (params, rows, t) => {
      const results = layer.apply(params, rows, t);
      return tf.mean(tf.reshape(results, [batches, -1, results.shape[1] as number]), 0);
    },
  };
}
