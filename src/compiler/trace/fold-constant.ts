import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node } from "../graph/node.js";
import { sizeOf } from "../shape.js";
import { javascriptTarget } from "../targets/javascript/javascript-target.js";

/**
 * The constant that a node made of constants computes, so that it is computed once, and its value can be read while
 * tracing. One that would be larger than what it is made of stays as it is: repetitions cost least where they are used.
 */
export function foldedConstant(builder: GraphBuilder, node: Node, operands: readonly Node[]): Node {
  const largest = Math.max(...operands.map(({ shape }) => sizeOf(shape)));
  if (node.operation === "constant" || sizeOf(node.shape) > largest) return node;
  const graph = { builder, inputs: [], scalars: [], outputs: { node }, readouts: {} };
  const program = javascriptTarget.compile(graph);
  const [value] = program.run([], new Float64Array(), new Float64Array());
  program.dispose();
  return builder.constant(javascriptTarget.get(value).data, node.shape, node.type);
}
