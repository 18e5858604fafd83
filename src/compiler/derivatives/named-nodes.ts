import type { Graph, NamedNodes } from "../graph/graph.js";
import type { InputNode, Node } from "../graph/node.js";
import type { Shape } from "../shape.js";

/** Whether the graph reads an array or a scalar of this name. */
export function hasInput(graph: Graph, name: string): boolean {
  return findInput(graph, name) !== undefined;
}

/**
 * The input or scalar of a name.
 *
 * @throws RangeError when the graph has none.
 */
export function inputOf(caller: string, graph: Graph, name: string): InputNode {
  const found = findInput(graph, name);
  if (found) return found;
  const known = [...graph.inputs, ...graph.scalars].map((input) => input.name);
  throw new RangeError(`${caller}: the graph has no input "${name}"; it has ${known.join(", ")}`);
}

/**
 * The output or readout of a name.
 *
 * @throws RangeError when the graph has none.
 */
export function resultOf(caller: string, graph: Graph, name: string): Node {
  const found = graph.outputs[name] ?? graph.readouts[name];
  if (found) return found;
  const known = [...Object.keys(graph.outputs), ...Object.keys(graph.readouts)];
  throw new RangeError(`${caller}: the graph has no output or readout "${name}"; it has ${known.join(", ")}`);
}

/**
 * An input that the graph does not have yet: a second one of the same name would silently be the first.
 *
 * @throws RangeError when the graph has one.
 */
export function newInput(caller: string, graph: Graph, name: string, shape: Shape): InputNode {
  if (!hasInput(graph, name)) return graph.builder.input(name, shape);
  throw new RangeError(`${caller}: the graph already has an input "${name}"; rename the result`);
}

/** Those of the nodes that have one of the names. */
export function selected(nodes: NamedNodes, names: readonly string[]): Record<string, Node> {
  return Object.fromEntries(Object.entries(nodes).filter(([name]) => names.includes(name)));
}

function findInput({ inputs, scalars }: Graph, name: string): InputNode | undefined {
  return [...inputs, ...scalars].find((input) => input.name === name);
}
