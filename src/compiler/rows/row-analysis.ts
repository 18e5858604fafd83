import type { Graph } from "../graph/graph.js";
import type { InputNode, Node } from "../graph/node.js";
import { isUniform } from "../graph/node.js";
import { shapeText } from "../shape.js";
import { reachable } from "./reachable.js";
import { distanceFromEnd, isContiguous, leadingRows, type RowLayout } from "./row-layout.js";
import { type Layouts, type PartialReading, type RowwiseReading, readingOf } from "./row-rules.js";

/** What every node of a graph does with the rows of a batch. */
export interface RowAnalysis {
  /** Length of the batch. */
  readonly rows: number;
  /** Nodes that have rows or combine them; every other node is the same for all rows. */
  readonly readings: ReadonlyMap<Node, RowwiseReading | PartialReading>;
}

/** Why rows are not independent of each other. */
export interface Mixing {
  readonly reason: string;
  /** The node that mixes rows. */
  readonly node: Node;
  /** Inputs that would have to be the same for all rows, for this node not to mix them. */
  readonly origins: readonly InputNode[];
}

/**
 * Follows the rows of a batch from the inputs that hold them to all that depends on them.
 *
 * Every sum, maximum or minimum over the rows, and every product that sums over them, counts as the same for all rows
 * from there on: it can be used once all rows have contributed.
 *
 * @param nodes the graph's nodes, each after those that it reads
 */
export function analyseRows(
  { outputs }: Graph,
  nodes: readonly Node[],
  rows: number,
  batch: ReadonlySet<InputNode>,
): RowAnalysis | Mixing {
  const readings = new Map<Node, RowwiseReading | PartialReading>();
  const layoutOf = (node: Node): RowLayout | undefined => {
    const reading = readings.get(node);
    return reading?.result === "rows" ? reading.layout : undefined;
  };
  for (const input of batch) readings.set(input, { result: "rows", layout: leadingRows, operands: [] });
  for (const node of nodes) {
    const layouts = node.inputs.map(layoutOf);
    if (layouts.every((layout) => layout === undefined)) continue;
    const reading = readingOf(node, layouts, rows);
    if (reading.result === "mixed") {
      return { node, reason: reading.reason, origins: originsOf(reading.operand, readings) };
    }
    const hidden = unreadable(node, layouts, reading.operands);
    if (hidden !== undefined) {
      const reason = `needs for each row a part of ${shapeText(node.inputs[hidden].shape)}`;
      const operand = node.inputs[layouts.findIndex((layout) => layout !== undefined)];
      return { node, reason, origins: originsOf(operand, readings) };
    }
    readings.set(node, reading);
  }
  const scattered = Object.values(outputs).find((node) => {
    const layout = layoutOf(node);
    return layout && !isContiguous(node.shape, layout);
  });
  if (!scattered) return { rows, readings };
  const reason = "moves the rows away from the first axis";
  return { node: scattered, reason, origins: originsOf(scattered, readings) };
}

/** Which operand, the same for all rows, cannot be cut into a part for each row although the node needs that. */
function unreadable({ inputs }: Node, layouts: Layouts, read: Layouts): number | undefined {
  const at = inputs.findIndex((input, i) => {
    const layout = read[i];
    return layout && !layouts[i] && !canBeReadByRows(input, layout);
  });
  return at < 0 ? undefined : at;
}

function canBeReadByRows(node: Node, layout: RowLayout): boolean {
  if (isUniform(node) || isContiguous(node.shape, layout)) return true;
  if (node.operation !== "broadcast") return false;
  const inner = innerLayout(node, layout);
  return inner === undefined || canBeReadByRows(node.inputs[0], inner);
}

/** The layout in which a broadcast that is read by rows reads its operand; undefined where it repeats it for each row. */
export function innerLayout(node: Node, layout: RowLayout): RowLayout | undefined {
  const [inner] = node.inputs;
  const axis = inner.shape.length - distanceFromEnd(node, layout);
  return inner.shape[axis] === node.shape[layout.axis] ? { ...layout, axis } : undefined;
}

/** The batch's inputs from which a node's rows come. */
function originsOf(node: Node, readings: RowAnalysis["readings"]): InputNode[] {
  const rowsBehind = (reached: Node): Node[] => {
    const reading = readings.get(reached);
    if (reading?.result !== "rows") return [];
    return reached.inputs.filter((_, i) => reading.operands[i] !== undefined);
  };
  return reachable([node], rowsBehind).filter(
    (reached): reached is InputNode => reached.operation === "input" && readings.has(reached),
  );
}
