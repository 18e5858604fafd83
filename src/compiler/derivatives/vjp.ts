import type { Graph } from "../graph/graph.js";
import type { Node } from "../graph/node.js";
import { apply } from "../operations/elementwise.js";
import { inputOf, newInput, resultOf, selected } from "./named-nodes.js";
import { pullBack } from "./pull-back.js";

/** Which derivative to build. */
export interface VjpOptions {
  /** Names of the outputs and readouts whose cotangents will be given; the others count as unused. */
  readonly of: readonly string[];
  /** Names of the inputs (or scalars) whose gradients are wanted. */
  readonly withRespectTo: readonly string[];
  /** Gradients that are added to a running sum: each takes one more input, `accumulator.NAME`. */
  readonly accumulate?: readonly string[];
  /** Outputs and readouts of the graph itself that the new graph should return too. */
  readonly keep?: readonly string[];
}

/** Name of the input that holds the cotangent of a result. */
export const cotangentName = (result: string): string => `cotangent.${result}`;
/** Name of the output that holds the gradient for an input. */
export const gradientName = (input: string): string => `gradient.${input}`;
/** Name of the input that holds the running sum of the gradient for an input. */
export const accumulatorName = (input: string): string => `accumulator.${input}`;

/**
 * The vector-Jacobian product of a graph, as a graph: reverse mode on the nodes themselves, so that it can be applied
 * again and is right at every order. Where the graph was traced through `tf.customGrad`, the rule given there counts.
 *
 * Its inputs are those of the graph, then `accumulator.I` for each accumulated input I and `cotangent.R` for each
 * output R; cotangents of readouts are scalars. Its outputs are those to keep, then `gradient.I`.
 *
 * @throws RangeError when a name is none of the graph's results or inputs, or a new input's name is taken.
 */
export function vjp(graph: Graph, { of, withRespectTo, accumulate = [], keep = [] }: VjpOptions): Graph {
  const { builder } = graph;
  const sources = withRespectTo.map((name) => inputOf("vjp", graph, name));
  const seeds = of.map((name) => {
    const result = resultOf("vjp", graph, name);
    return { name, result, cotangent: newInput("vjp", graph, cotangentName(name), result.shape) };
  });
  const gradients = pullBack(builder, seeds, sources);
  const inputs = [...graph.inputs];
  const outputs: Record<string, Node> = selected(graph.outputs, keep);
  withRespectTo.forEach((name, i) => {
    let gradient = gradients[i];
    if (accumulate.includes(name)) {
      const accumulator = newInput("vjp", graph, accumulatorName(name), sources[i].shape);
      inputs.push(accumulator);
      gradient = apply(builder, "add", accumulator, gradient);
    }
    outputs[gradientName(name)] = gradient;
  });
  const isReadout = ({ name }: { name: string }): boolean => name in graph.readouts;
  return {
    builder,
    inputs: [...inputs, ...seeds.filter((seed) => !isReadout(seed)).map((seed) => seed.cotangent)],
    scalars: [...graph.scalars, ...seeds.filter(isReadout).map((seed) => seed.cotangent)],
    outputs,
    readouts: selected(graph.readouts, keep),
  };
}
