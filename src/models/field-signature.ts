import * as tf from "@tensorflow/tfjs-core";
import { type FlatTree, flattenTree } from "../compiler/tree.js";
import type { Layer } from "../nn/layer.js";
import type { FieldSignature } from "../solvers/ode/ode-problem.js";

/** A layer as the vector field of a state of the given shape. */
export function fieldSignature(field: Layer, shape: readonly number[]): FieldSignature {
  const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
  return {
    field: (t, y, tree) => {
      const { structure, leaves }: FlatTree<tf.Tensor> = flattenTree(tree, isTensor);
      const params = Object.fromEntries(structure.paths.map((path, i) => [path, leaves[i]]));
      return field.apply(params, y as tf.Tensor, t);
    },
    state: { paths: [""] },
    stateShapes: [shape],
    params: { paths: Object.keys(field.params) },
    paramShapes: Object.values(field.params),
  };
}
