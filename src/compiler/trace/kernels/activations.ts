import * as tf from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node } from "../../graph/node.js";
import { apply } from "../../operations/elementwise.js";
import { type Formulas, formulas } from "../../operations/formulas.js";
import { TraceError } from "../trace-error.js";
import { type Attributes, type KernelRules, realFunction } from "./kernel-rule.js";

const { SELU_SCALE, SELU_SCALEALPHA } = tf.backend_util;

/** exp(x) - 1 below 0 and 0 above: the exponential of a large x, which would overflow, is never taken. */
const negativePart = (f: Formulas, x: Node): Node => f("expm1", f("minimum", x, 0));
const elu = (f: Formulas, x: Node): Node => f("add", f("relu", x), negativePart(f, x));
const relu6 = (f: Formulas, x: Node): Node => f("minimum", f("relu", x), 6);
const prelu = (f: Formulas, x: Node, slope: Node | number): Node =>
  f("select", f("less", x, 0), f("mul", x, slope), x);

/** What follows an affine map in networks. */
export const activationKernels: KernelRules = {
  Sigmoid: realFunction((f, x) => f("sigmoid", x)),
  Softplus: realFunction((f, x) => f("softplus", x)),
  Relu: (builder, { x }) => apply(builder, "relu", x),
  Relu6: realFunction(relu6),
  LeakyRelu: realFunction((f, x, { alpha }) => prelu(f, x, alpha)),
  Prelu: (builder, { x, alpha }) => prelu(formulas(builder), x, alpha),
  Elu: realFunction(elu),
  Selu: realFunction((f, x) =>
    f("add", f("mul", f("relu", x), SELU_SCALE), f("mul", negativePart(f, x), SELU_SCALEALPHA)),
  ),
  Step: realFunction((f, x, { alpha }) => f("select", f("greater", x, 0), 1, alpha)),
};

type Activation = (f: Formulas, x: Node, attributes: Attributes, slope: Node | undefined) => Node;

const fusedActivations: Readonly<Record<string, Activation>> = {
  linear: (_, x) => x,
  relu: (f, x) => f("relu", x),
  relu6,
  elu,
  sigmoid: (f, x) => f("sigmoid", x),
  leakyrelu: (f, x, { leakyreluAlpha }) => prelu(f, x, leakyreluAlpha ?? 0.2),
  prelu: (f, x, _, slope) => prelu(f, x, slope as Node),
};

/** The bias and the activation that a fused kernel applies to its product. */
export function biasedAndActivated(
  builder: GraphBuilder,
  product: Node,
  { bias, preluActivationWeights }: Readonly<Record<string, Node | undefined>>,
  attributes: Attributes,
): Node {
  const f = formulas(builder);
  const name = attributes.activation ?? "linear";
  const activation = fusedActivations[name];
  if (!activation) {
    throw new TraceError(
      `a fused operation with the activation "${name}" cannot be traced, only with ` +
        `${Object.keys(fusedActivations).join(", ")}; apply it as an operation of its own`,
    );
  }
  const sum = bias ? f("add", product, bias) : product;
  return activation(f, sum, attributes, preluActivationWeights);
}
