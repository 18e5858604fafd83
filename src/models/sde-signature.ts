import * as tf from "@tensorflow/tfjs-core";
import { type FlatTree, flattenTree } from "../compiler/tree.js";
import type { Layer } from "../nn/layer.js";
import { namedParams, ownParams } from "../nn/named-layers.js";
import type { FieldSignature, TracedField } from "../solvers/ode/ode-problem.js";
import type { SdeSignature } from "../solvers/sde/sde-problem.js";
import type { NoiseKind } from "../solvers/sde/tableaux/stochastic-tableau.js";

/** The two layers of a stochastic field. */
export interface StochasticLayers {
  readonly drift: Layer;
  /** What the noise of each element of the state is multiplied with: as wide as the drift. */
  readonly diffusion: Layer;
}

/** Two layers as drift and diffusion of a state of the given shape; their parameters are `drift....` and `diffusion....`. */
export function sdeSignature(
  layers: StochasticLayers,
  shape: readonly number[],
  noise: NoiseKind = "diagonal",
): SdeSignature {
  const { drift, diffusion } = layers;
  const shapes = namedParams({ drift, diffusion });
  const signature = (name: keyof StochasticLayers): FieldSignature => ({
    field: fieldOf(name, layers[name]),
    state: { paths: [""] },
    stateShapes: [shape],
    params: { paths: Object.keys(shapes) },
    paramShapes: Object.values(shapes),
  });
  return { drift: signature("drift"), diffusion: signature("diffusion"), noise };
}

/** A layer that reads its own among the parameters of both. */
function fieldOf(name: keyof StochasticLayers, layer: Layer): TracedField {
  return (t, y, tree) => {
    const { structure, leaves }: FlatTree<tf.Tensor> = flattenTree(tree, isTensor);
    const params = Object.fromEntries(structure.paths.map((path, i) => [path, leaves[i]]));
    return layer.apply(ownParams(params, name, layer), y as tf.Tensor, t);
  };
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
