import * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../../../src/compiler/nd-array.js";
import type { Tree } from "../../../src/compiler/tree.js";
import { type OdeProblem, odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { double, doubles, type ReferenceProblem } from "../../reference-data.js";
import { type Arithmetic, evaluate } from "./expression.js";

const tensorOperations = { "+": tf.add, "-": tf.sub, "*": tf.mul, "/": tf.div, "**": tf.pow } as const;
const tensorFunctions: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  sin: tf.sin,
  cos: tf.cos,
  exp: tf.exp,
  sqrt: tf.sqrt,
};

/** A reference problem as a user would state it: every component and every parameter a named scalar. */
export function problemOf(
  { rhs, params, t0, t1, y0 }: ReferenceProblem,
  span: readonly [number, number] = [double(t0), double(t1)],
): OdeProblem {
  return odeProblem({
    field: (t, y: Record<string, tf.Tensor>, p: Record<string, tf.Tensor>) => {
      const tensors: Arithmetic<tf.Tensor> = {
        constant: (value) => tf.scalar(value),
        variable: (name) =>
          name === "t" ? t : name.startsWith("p.") ? p[name.slice(2)] : y[component(/\d+/.exec(name)?.[0])],
        apply: (operation, left, right) => tensorOperations[operation](left, right),
        call: (name, argument) => tensorFunctions[name](argument),
      };
      return Object.fromEntries(rhs.map((text, i) => [component(i), evaluate(text, tensors)]));
    },
    y0: namedComponents(doubles(y0)),
    params: Object.fromEntries(Object.entries(params).map(([name, text]) => [name, double(text)])),
    span,
  });
}

/** The components of a state of named scalars, in order. */
export function componentsOf(state: Tree<NdArray>): number[] {
  const named = state as Record<string, NdArray>;
  return Object.keys(named).map((_, i) => named[component(i)].data[0]);
}

/** A state of named scalars. */
function namedComponents(values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value, i) => [component(i), value]));
}

function component(index: number | string | undefined): string {
  return `y${index}`;
}
