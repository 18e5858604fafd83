import { type Graph, liveNodes, type NamedNodes } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";
import { type InputNode, type Node, uniformValue } from "../graph/node.js";
import { reshape } from "../operations/arrange.js";
import { apply } from "../operations/elementwise.js";
import { reduce } from "../operations/reduce.js";
import { type Shape, sameShape } from "../shape.js";
import { pullbackOf } from "./rules.js";

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
 * again and is right at every order.
 *
 * Its inputs are those of the graph, then `accumulator.I` for each accumulated input I and `cotangent.R` for each
 * output R; cotangents of readouts are scalars. Its outputs are those to keep, then `gradient.I`.
 *
 * @throws RangeError when a name is none of the graph's results or inputs, or a new input's name is taken.
 */
export function vjp(graph: Graph, { of, withRespectTo, accumulate = [], keep = [] }: VjpOptions): Graph {
  const { builder } = graph;
  const sources = withRespectTo.map((name) => inputOf(graph, name));
  const seeds = of.map((name) => {
    const result = resultOf(graph, name);
    return { name, result, cotangent: newInput(graph, cotangentName(name), result.shape) };
  });
  const gradients = pullBack(builder, seeds, sources);
  const inputs = [...graph.inputs];
  const outputs: Record<string, Node> = selected(graph.outputs, keep);
  withRespectTo.forEach((name, i) => {
    let gradient = gradients[i];
    if (accumulate.includes(name)) {
      const accumulator = newInput(graph, accumulatorName(name), sources[i].shape);
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

interface Seed {
  readonly result: Node;
  readonly cotangent: Node;
}

/** Gradients of sum_i <cotangent_i, result_i> for each source; zeros where a source has no influence. */
function pullBack(builder: GraphBuilder, seeds: readonly Seed[], sources: readonly Node[]): Node[] {
  const nodes = liveNodes(seeds.map(({ result }) => result));
  const varies = new Set<Node>(sources);
  for (const node of nodes) if (node.inputs.some((input) => varies.has(input))) varies.add(node);

  const cotangents = new Map<Node, Node>();
  const add = (node: Node, cotangent: Node): void => {
    if (uniformValue(cotangent) === 0) return;
    const own = summedTo(builder, cotangent, node.shape);
    const earlier = cotangents.get(node);
    cotangents.set(node, earlier ? apply(builder, "add", earlier, own) : own);
  };
  for (const { result, cotangent } of seeds) if (varies.has(result)) add(result, cotangent);
  for (const node of nodes.reverse()) {
    const cotangent = cotangents.get(node);
    if (!cotangent || node.inputs.length === 0) continue;
    pullbackOf(builder, node, cotangent).forEach((part, i) => {
      if (part && varies.has(node.inputs[i])) add(node.inputs[i], part());
    });
  }
  return sources.map((source) => cotangents.get(source) ?? builder.constant(0, source.shape));
}

/** Sums a cotangent over the axes along which an operand had been repeated. */
function summedTo(builder: GraphBuilder, cotangent: Node, shape: Shape): Node {
  if (sameShape(cotangent.shape, shape)) return cotangent;
  const lead = cotangent.shape.length - shape.length;
  const repeated = (axis: number): boolean =>
    axis < lead || (shape[axis - lead] === 1 && cotangent.shape[axis] !== 1);
  const axes = cotangent.shape.map((_, axis) => axis).filter(repeated);
  return reshape(builder, reduce(builder, "sum", cotangent, axes), shape);
}

function findInput({ inputs, scalars }: Graph, name: string): InputNode | undefined {
  return [...inputs, ...scalars].find((input) => input.name === name);
}

function inputOf(graph: Graph, name: string): InputNode {
  const found = findInput(graph, name);
  if (!found) throw new RangeError(`vjp: the graph has no input "${name}"`);
  return found;
}

/** An input that the graph does not have yet: a second cotangent of one name would silently be the first. */
function newInput(graph: Graph, name: string, shape: Shape): InputNode {
  if (findInput(graph, name)) {
    throw new RangeError(`vjp: the graph already has an input "${name}"; rename the result`);
  }
  return graph.builder.input(name, shape);
}

function resultOf(graph: Graph, name: string): Node {
  const found = graph.outputs[name] ?? graph.readouts[name];
  if (!found) throw new RangeError(`vjp: the graph has no output or readout "${name}"`);
  return found;
}

function selected(nodes: NamedNodes, names: readonly string[]): Record<string, Node> {
  return Object.fromEntries(Object.entries(nodes).filter(([name]) => names.includes(name)));
}
