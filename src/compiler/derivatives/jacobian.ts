import type { Graph } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node } from "../graph/node.js";
import { reshape, transpose } from "../operations/arrange.js";
import { type JacobianOfRows, jacobianColumns } from "./jacobian-columns.js";
import { inputOf, resultOf, selected } from "./named-nodes.js";

/** Which Jacobian to build. */
export interface JacobianOptions {
  /** Name of the output. */
  readonly of: string;
  /** Name of the input. */
  readonly withRespectTo: string;
  /**
   * Leading axes, common to both, along which rows do not influence each other: the Jacobian is that of each row.
   *
   * @defaultValue 0
   */
  readonly batchAxes?: number;
  /** Outputs and readouts of the graph itself that the new graph should return too. */
  readonly keep?: readonly string[];
}

/**
 * The Jacobian of an output by an input, as a graph with the output `jacobian`: of shape [...batch, ...r, ...s] where the
 * output has shape [...batch, ...r] and the input [...batch, ...s].
 *
 * All columns come from one forward sweep, on arrays that are as many times larger as a row of the input has elements:
 * for fields of few dimensions. Where the output is small and the input large, use `vjp`.
 *
 * @throws RangeError when a name is none of the graph's, or output and input do not have the same rows.
 */
export function jacobian(
  graph: Graph,
  { of, withRespectTo, batchAxes = 0, keep = [] }: JacobianOptions,
): Graph {
  const result = resultOf("jacobian", graph, of);
  const source = inputOf("jacobian", graph, withRespectTo);
  const node = jacobianNode("jacobian", graph.builder, { result, source, batchAxes });
  return {
    ...graph,
    outputs: { ...selected(graph.outputs, keep), jacobian: node },
    readouts: selected(graph.readouts, keep),
  };
}

/** The node of the Jacobian of each row. */
export function jacobianNode(caller: string, builder: GraphBuilder, of: JacobianOfRows): Node {
  const { result, source, batchAxes } = of;
  const columns = jacobianColumns(caller, builder, of);
  const columnsLast = [...result.shape.keys()].map((axis) => axis + 1).concat(0);
  const row = source.shape.slice(batchAxes);
  return reshape(builder, transpose(builder, columns, columnsLast), [...result.shape, ...row]);
}
