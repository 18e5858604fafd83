import { type Graph, liveNodes, type NamedNodes, resultsOf } from "../graph/graph.js";
import { GraphBuilder } from "../graph/graph-builder.js";
import type { CustomGradientNode, GatherNode, InputNode, Node } from "../graph/node.js";
import { broadcast, transpose } from "../operations/arrange.js";
import { customGradient, customRuleOf } from "../operations/custom-gradient.js";
import { isElementwiseName } from "../operations/elementwise-table.js";
import { gather } from "../operations/indexing.js";
import { aligned, rebuilt } from "./rebuild.js";

/**
 * A graph done for many lanes at once, each with its own values of some inputs: these, and all outputs, have a leading
 * axis of that length. Scalars with a value for each lane become inputs, behind all others, and readouts become outputs,
 * behind all others. What depends on no lane is computed once.
 *
 * @throws RangeError where a lane looks up, or adds up, its own values by its own indices: no operation does that for many.
 */
export function overLanes(graph: Graph, lanes: number, ownInputs: readonly string[]): Graph {
  const builder = new GraphBuilder();
  const own = new Set(ownInputs);
  const input = ({ name, shape, type }: InputNode): InputNode =>
    builder.input(name, own.has(name) ? [lanes, ...shape] : shape, type);
  const inputs = graph.inputs.map(input);
  const [laneScalars, scalars] = [true, false].map((isOwn) =>
    graph.scalars.filter(({ name }) => own.has(name) === isOwn).map(input),
  );
  const rebuild = new Lanes(builder, lanes, own);
  const results = rebuild.all(resultsOf(graph));
  const names = [...Object.keys(graph.outputs), ...Object.keys(graph.readouts)];
  const outputs: NamedNodes = Object.fromEntries(names.map((name, i) => [name, results[i]]));
  return { builder, inputs: [...inputs, ...laneScalars], scalars, outputs, readouts: {} };
}

/** A node of the new graph, and whether each lane has its own. */
interface LaneNode {
  readonly node: Node;
  readonly isOwn: boolean;
}

class Lanes {
  private readonly made = new Map<Node, LaneNode>();

  constructor(
    private readonly builder: GraphBuilder,
    private readonly lanes: number,
    private readonly own: ReadonlySet<string>,
  ) {}

  /** The results in the new graph, each lane with its own. */
  all(results: readonly Node[]): Node[] {
    const nodes = liveNodes(results);
    for (const node of nodes) if (node.operation === "customGradient") this.replaceCotangent(node);
    for (const node of nodes) if (!this.made.has(node)) this.made.set(node, this.make(node));
    return results.map((result) => this.spread(this.of(result)));
  }

  private make(node: Node): LaneNode {
    const { builder } = this;
    if (node.operation === "constant") {
      return { node: builder.constant(node.value, node.shape, node.type), isOwn: false };
    }
    if (node.operation === "input") {
      const isOwn = this.own.has(node.name);
      return { node: builder.input(node.name, isOwn ? this.withLead(node) : node.shape, node.type), isOwn };
    }
    const inputs = node.inputs.map((each) => this.of(each));
    if (!inputs.some(({ isOwn }) => isOwn)) {
      return { node: rebuilt(builder, node, nodesOf(inputs)), isOwn: false };
    }
    return { node: this.makeOwn(node, inputs), isOwn: true };
  }

  private makeOwn(node: Node, inputs: readonly LaneNode[]): Node {
    const lead = [this.lanes];
    const { builder } = this;
    if (isElementwiseName(node.operation)) {
      const rank = node.shape.length;
      const operands = inputs.map((each) =>
        each.isOwn ? aligned(builder, each.node, lead, rank) : each.node,
      );
      return rebuilt(builder, node, operands, lead);
    }
    switch (node.operation) {
      case "gather":
        return this.gather(node, inputs);
      case "customGradient":
        return this.customGradient(node, inputs);
      case "scatterAdd":
        requireCommonIndices(inputs[1]);
        return rebuilt(builder, node, [this.spread(inputs[0]), inputs[1].node], lead);
      case "concat":
        return rebuilt(
          builder,
          node,
          inputs.map((each) => this.spread(each)),
          lead,
        );
      default:
        return rebuilt(builder, node, nodesOf(inputs), lead);
    }
  }

  private gather(node: GatherNode, [array, indices]: readonly LaneNode[]): Node {
    if (!indices.isOwn) return rebuilt(this.builder, node, [array.node, indices.node], [this.lanes]);
    if (array.isOwn) requireCommonIndices(indices);
    // in the shape of the result, the lanes stand where the indices do
    const found = gather(this.builder, array.node, indices.node, node.axis);
    const { axis } = node;
    const order = found.shape.map((_, i) => (i === 0 ? axis : i <= axis ? i - 1 : i));
    return axis === 0 ? found : transpose(this.builder, found, order);
  }

  private customGradient(node: CustomGradientNode, inputs: readonly LaneNode[]): Node {
    const spread = inputs.map((each) => this.spread(each));
    const cotangent = this.of(node.cotangent).node as InputNode;
    return customGradient(this.builder, spread[0], customRuleOf({ ...node, inputs: spread, cotangent }));
  }

  /** What stands for the cotangent of a value in its rule stands for those of all lanes. */
  private replaceCotangent({ cotangent }: CustomGradientNode): void {
    this.made.set(cotangent, { node: this.builder.placeholder(this.withLead(cotangent)), isOwn: true });
  }

  private spread({ node, isOwn }: LaneNode): Node {
    return isOwn ? node : broadcast(this.builder, node, this.withLead(node));
  }

  private withLead({ shape }: Node): number[] {
    return [this.lanes, ...shape];
  }

  private of(node: Node): LaneNode {
    return this.made.get(node) as LaneNode;
  }
}

function nodesOf(lanes: readonly LaneNode[]): Node[] {
  return lanes.map(({ node }) => node);
}

function requireCommonIndices({ isOwn }: LaneNode): void {
  if (!isOwn) return;
  throw new RangeError(
    "lanes: values of a lane are looked up or added up by indices of its own, which cannot be done for many lanes at " +
      "once; use a mask instead (tf.where, tf.oneHot), or solve with a shared step",
  );
}
