import * as tf from "@tensorflow/tfjs-core";
import { chooseTarget, type TargetChoice } from "../compiler/targets/choose-target.js";
import type { Precision } from "../compiler/targets/target.js";
import { type FlatTree, flattenTree } from "../compiler/tree.js";
import type { Layer } from "../nn/layer.js";
import { namedParams } from "../nn/named-layers.js";
import type { SolverMethod } from "../solvers/ode/auto-switch.js";
import { type Controller, integralController } from "../solvers/ode/controllers.js";
import type { FieldSignature } from "../solvers/ode/ode-problem.js";
import { OdePrograms } from "../solvers/ode/ode-programs.js";
import { tsit5 } from "../solvers/tableaux/tsit5.js";
import type { Block } from "./block.js";
import { layerBlock } from "./layer-block.js";
import { inputsName, layeredModel, type Model, outputName } from "./model.js";
import { odeBlock } from "./ode-block.js";

/** Options of a neural ODE. */
export interface NeuralOdeOptions {
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
  /** @defaultValue tsit5 */
  readonly method?: SolverMethod;
  /** @defaultValue 1e-8 */
  readonly rtol?: number;
  /** @defaultValue 1e-8 */
  readonly atol?: number;
  /** @defaultValue integralController */
  readonly controller?: Controller;
  /** @defaultValue 10000 */
  readonly maxSteps?: number;
  /** @defaultValue "float64" */
  readonly precision?: Precision;
  /** @defaultValue "auto" */
  readonly target?: TargetChoice;
}

/** head(y(1)), y' = field(y, t), y(0) = inputs: a batch is one system with one step size (Chen et al., NeurIPS 2018). */
export function neuralOde(options: NeuralOdeOptions): Model {
  const { field, head, features, outputs, precision = "float64" } = options;
  const target = chooseTarget(options.target ?? "auto", precision);
  const solver = {
    span: options.span ?? ([0, 1] as const),
    rtol: options.rtol ?? 1e-8,
    atol: options.atol ?? 1e-8,
    controller: options.controller ?? integralController,
    maxSteps: options.maxSteps ?? 10_000,
  };
  const blocks = (batch: number): Block[] => {
    const shape = [batch, features];
    const signature = fieldSignature(field, shape);
    const ode = new OdePrograms(signature, { method: options.method ?? tsit5, target, precision });
    const params = Object.keys(namedParams({ field }));
    return [
      odeBlock(ode, solver, { state: inputsName, params, result: "final" }),
      layerBlock(
        { layer: head, name: "head", reads: "final", shape, writes: outputName, pullsBackRows: true },
        target,
      ),
    ];
  };
  return layeredModel({ target, precision, features, outputs, layers: { field, head }, blocks });
}

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
