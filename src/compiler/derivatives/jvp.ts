import type { Graph } from "../graph/graph.js";
import { hasInput, inputOf, resultOf, selected } from "./named-nodes.js";
import { pushForward } from "./push-forward.js";

/** Which derivative to build. */
export interface JvpOptions {
  /** Names of the outputs and readouts whose tangents are wanted. */
  readonly of: readonly string[];
  /** Names of the inputs and scalars whose tangents will be given; the others are held constant. */
  readonly withRespectTo: readonly string[];
  /** Outputs and readouts of the graph itself that the new graph should return too. */
  readonly keep?: readonly string[];
}

/**
 * Name of the tangent of an input or a result: `tangent.NAME`; in the n-th jvp of a jvp `tangent2.NAME`, `tangent3.NAME`,
 * ..., where NAME may itself be that of a tangent.
 */
export const tangentName = (name: string, nesting = 1): string =>
  `tangent${nesting === 1 ? "" : nesting}.${name}`;

/**
 * The Jacobian-vector product of a graph, as a graph: forward mode, how results change when inputs change along given
 * tangents. It costs about as much again as the graph, whatever the number of inputs. It can be applied again, and to a
 * vjp, and is right at every order; along time, with the slope as the state's tangent, n nested ones give a solution's
 * derivative of order n + 1.
 *
 * Its inputs are those of the graph, then `tangent.I` for each input I; tangents of scalars are scalars. Its outputs are
 * those to keep, then `tangent.R` for each result R; tangents of readouts are readouts. When one of these names is taken,
 * because the graph is itself a jvp, all are called `tangent2...`; and so on.
 *
 * @throws RangeError when a name is none of the graph's results or inputs.
 */
export function jvp(graph: Graph, { of, withRespectTo, keep = [] }: JvpOptions): Graph {
  const { builder } = graph;
  const outputs = selected(graph.outputs, keep);
  const readouts = selected(graph.readouts, keep);
  const taken = (name: string): boolean => hasInput(graph, name) || name in outputs || name in readouts;
  let nesting = 1;
  while ([...of, ...withRespectTo].some((name) => taken(tangentName(name, nesting)))) nesting++;

  const sources = withRespectTo.map((name) => inputOf("jvp", graph, name));
  const directions = sources.map(({ name, shape }) => builder.input(tangentName(name, nesting), shape));
  const results = of.map((name) => resultOf("jvp", graph, name));
  const pairs = sources.map((source, i) => [source, directions[i]] as const);
  pushForward(builder, results, new Map(pairs)).forEach((tangent, i) => {
    const list = of[i] in graph.readouts ? readouts : outputs;
    list[tangentName(of[i], nesting)] = tangent;
  });
  const isScalar = (_: unknown, i: number): boolean => graph.scalars.includes(sources[i]);
  return {
    builder,
    inputs: [...graph.inputs, ...directions.filter((_, i) => !isScalar(_, i))],
    scalars: [...graph.scalars, ...directions.filter(isScalar)],
    outputs,
    readouts,
  };
}
