import * as tf from "@tensorflow/tfjs-core";
import type { Shape } from "../compiler/shape.js";
import type { Target } from "../compiler/targets/target.js";
import type { Layer } from "../nn/layer.js";
import { namedParams, ownParams } from "../nn/named-layers.js";
import type { Block } from "./block.js";
import { tracedBlock } from "./traced-block.js";

/** How a latent state is drawn from what a recognition network found. */
export interface LatentSampleOptions {
  /** From the network's state to mean and log-variance, side by side. */
  readonly layer: Layer;
  /** Its name in the model, before its parameters' names. */
  readonly name: string;
  /** Length of a latent row. */
  readonly latent: number;
  /** Shape of the network's state, a row for each record. */
  readonly shape: Shape;
  readonly names: {
    readonly state: string;
    readonly noise: string;
    readonly sample: string;
    readonly divergence: string;
  };
}

/**
 * z = mean + exp(logVariance / 2) noise (Kingma and Welling, ICLR 2014), and the divergence of its distribution from the
 * standard normal one, KL = (exp(logVariance) + mean^2 - 1 - logVariance) / 2, as a mean over components and records: the code
 * of Pal et al. (ICML 2021) takes the mean over components where the bound has their sum.
 */
export function latentSampleBlock(options: LatentSampleOptions, target: Target): Block {
  const { layer, name, latent, shape, names } = options;
  const [batch] = shape;
  const params = namedParams({ [name]: layer });
  return tracedBlock(
    {
      reads: { [names.state]: shape, [names.noise]: [batch, latent], ...params },
      withRespectTo: [names.state, ...Object.keys(params)],
      of: [names.sample, names.divergence],
      run: (read) => {
        const found = layer.apply(ownParams(read, name, layer), read[names.state]);
        const [mean, logVariance] = tf.split(found, 2, 1);
        const deviation = tf.exp(tf.div(logVariance, 2));
        const excess = tf.sub(tf.sub(tf.exp(logVariance), 1), logVariance);
        return {
          [names.sample]: tf.add(mean, tf.mul(deviation, read[names.noise])),
          [names.divergence]: tf.mean(tf.div(tf.add(tf.square(mean), excess), 2)),
        };
      },
    },
    target,
  );
}
