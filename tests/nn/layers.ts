import fc from "fast-check";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { trace } from "../../src/compiler/trace/trace.js";
import type { Activation } from "../../src/nn/activations.js";
import type { Layer } from "../../src/nn/layer.js";
import { evaluate } from "../laws/programs.js";

/** The activations, written out. */
export const activationFormulas: Record<Activation, (x: number) => number> = {
  linear: (x) => x,
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log(1 + Math.exp(x)),
  elu: (x) => (x < 0 ? Math.exp(x) - 1 : x),
};

/** Any of their names. */
export const activation = fc.constantFrom(...(Object.keys(activationFormulas) as Activation[]));

/** Applies a layer to arrays on the host. */
export function applied(
  layer: Layer,
  params: Readonly<Record<string, NdArray>>,
  rows: NdArray,
  t?: number,
): NdArray {
  const shapes = Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, shape]));
  const graph = trace({ inputs: { rows: rows.shape, ...shapes }, scalars: ["t"] }, (read) => ({
    outputs: { result: layer.apply(read, read.rows, t === undefined ? undefined : read.t) },
  }));
  return evaluate(graph, { inputs: { rows, ...params }, scalars: { t: t ?? 0 } }).outputs.result;
}

/** f(rows W + b), written out. */
export function affine(rows: NdArray, weight: NdArray, bias: NdArray, f: (x: number) => number): NdArray {
  const [count, inputs] = rows.shape;
  const outputs = bias.shape[0];
  const data = Float64Array.from({ length: count * outputs }, (_, at) => {
    const [row, column] = [Math.floor(at / outputs), at % outputs];
    let sum = bias.data[column];
    for (let k = 0; k < inputs; k++) sum += rows.data[row * inputs + k] * weight.data[k * outputs + column];
    return f(sum);
  });
  return ndArray([count, outputs], data);
}

/** Rows with one more element at the end. */
export function appended({ shape: [count, width], data }: NdArray, last: number): NdArray {
  const rows = Array.from({ length: count }, (_, i) => [...data.subarray(i * width, (i + 1) * width), last]);
  return ndArray([count, width + 1], Float64Array.from(rows.flat()));
}
