import type { Graph } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node } from "../graph/node.js";
import { apply } from "../operations/elementwise.js";
import { reduce } from "../operations/reduce.js";
import { sameShape, shapeText } from "../shape.js";
import { identity, jacobianColumns } from "./jacobian-columns.js";
import { inputOf, newInput, resultOf, selected } from "./named-nodes.js";
import { pushForward } from "./push-forward.js";

/** Which divergence to build. */
export interface DivergenceOptions {
  /** Name of the output: the field, of shape [..., d]. */
  readonly of: string;
  /** Name of the input: the state, of the same shape. */
  readonly withRespectTo: string;
  /**
   * Whether to estimate it along random directions, which come in as `noise`, instead of adding up the Jacobian's
   * diagonal.
   *
   * @defaultValue false
   */
  readonly estimate?: boolean;
  /** Outputs and readouts of the graph itself that the new graph should return too. */
  readonly keep?: readonly string[];
}

/**
 * The divergence of a field, sum_i df_i / dx_i over the last axis, as a graph with the output `divergence`, of the shape
 * [...] where field and state have [..., d]. Rows along the leading axes must not influence each other.
 *
 * Exactly it takes a forward sweep on arrays that are d times larger. The estimate e^T J e (Hutchinson, Communications in
 * Statistics 19, 1990; for flows Grathwohl et al., FFJORD, ICLR 2019, eq. 8) takes one on arrays of the same size, and the
 * input `noise` e of the state's shape; its expectation over entries of mean 0 and variance 1 is the divergence. Draw it
 * once per solve, lest the right-hand side be a different one at each evaluation.
 *
 * @throws RangeError when a name is none of the graph's, or field and state differ in shape.
 */
export function divergence(
  graph: Graph,
  { of, withRespectTo, estimate = false, keep = [] }: DivergenceOptions,
): Graph {
  const result = resultOf("divergence", graph, of);
  const source = inputOf("divergence", graph, withRespectTo);
  const noise = estimate ? newInput("divergence", graph, "noise", source.shape) : undefined;
  const node = divergenceNode("divergence", graph.builder, result, source, noise);
  return {
    ...graph,
    inputs: noise ? [...graph.inputs, noise] : graph.inputs,
    outputs: { ...selected(graph.outputs, keep), divergence: node },
    readouts: selected(graph.readouts, keep),
  };
}

/** The node of the divergence of each row: estimated where there is noise. */
export function divergenceNode(
  caller: string,
  builder: GraphBuilder,
  result: Node,
  source: Node,
  noise?: Node,
): Node {
  const { shape } = source;
  if (shape.length === 0 || !sameShape(result.shape, shape)) {
    throw new RangeError(
      `${caller}: field and state must have one shape of at least one axis, got ${shapeText(result.shape)} and ` +
        shapeText(shape),
    );
  }
  const last = shape.length - 1;
  if (noise) {
    const [change] = pushForward(builder, [result], new Map([[source, noise]]));
    return reduce(builder, "sum", apply(builder, "mul", change, noise), [last]);
  }
  const dimension = shape[last];
  const columns = jacobianColumns(caller, builder, { result, source, batchAxes: last });
  const unitVectors = builder.constant(identity(dimension), [
    dimension,
    ...new Array<number>(last).fill(1),
    dimension,
  ]);
  return reduce(builder, "sum", apply(builder, "mul", columns, unitVectors), [0, last + 1]);
}
