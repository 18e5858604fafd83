import * as tf from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node } from "../../graph/node.js";
import { cast } from "../../operations/cast.js";
import { type Formulas, formulas } from "../../operations/formulas.js";

/** Attributes of a tfjs kernel call; each rule knows which its kernel has. */
// biome-ignore lint/suspicious/noExplicitAny: tfjs types attributes per kernel only by convention
export type Attributes = Record<string, any>;

/** Records one tfjs kernel as nodes. */
export type KernelRule = (
  builder: GraphBuilder,
  inputs: Readonly<Record<string, Node>>,
  attributes: Attributes,
) => Node | Node[];

/** Rules by the names of the tfjs kernels. */
export type KernelRules = Readonly<Record<string, KernelRule>>;

/** The rule of a function of the reals, from its formula: integers and booleans are read as reals. */
export const realFunction =
  (formula: (f: Formulas, x: Node, attributes: Attributes) => Node): KernelRule =>
  (builder, { x }, attributes) =>
    formula(formulas(builder), cast(builder, x, "real"), attributes);

/** The axes that an attribute means: all for none, those from the end for negative ones. */
export function axesOf(axis: number | number[] | null | undefined, { shape }: Node): number[] {
  return tf.util.parseAxisParam(axis as number | number[], [...shape]);
}
