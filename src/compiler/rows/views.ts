import { isUniform, type Node } from "../graph/node.js";
import type { Shape } from "../shape.js";
import { innerLayout, type RowAnalysis } from "./row-analysis.js";
import { type RowLayout, withRows } from "./row-layout.js";

/** What a stage wants of a node: all of it, the rows at hand, or what the rows at hand contribute to it. */
export type View =
  | { readonly of: "whole"; readonly node: Node }
  | { readonly of: "rows"; readonly node: Node; readonly layout: RowLayout }
  | { readonly of: "share"; readonly node: Node };

/** Views that are made once each, so that they can be compared. */
export class Views {
  private readonly known = new Map<string, View>();

  constructor(private readonly readings: RowAnalysis["readings"]) {}

  whole(node: Node): View {
    return this.once(`whole ${node.id}`, { of: "whole", node });
  }

  share(node: Node): View {
    return this.once(`share ${node.id}`, { of: "share", node });
  }

  /** The rows of a node that has some. */
  rows(node: Node): View {
    const reading = this.readings.get(node);
    if (reading?.result !== "rows") throw new Error(`internal: a node "${node.operation}" has no rows`);
    return this.inLayout(node, reading.layout);
  }

  /** What has to be known to compute a view: one view for each input of its node. */
  operandsOf(view: View): View[] {
    const { node } = view;
    if (view.of === "whole") return node.inputs.map((input) => this.whole(input));
    const reading = this.readings.get(node);
    if (reading) return node.inputs.map((input, i) => this.inLayout(input, reading.operands[i]));
    const inner = view.of === "rows" && node.operation === "broadcast";
    return inner ? [this.inLayout(node.inputs[0], innerLayout(node, view.layout))] : [];
  }

  /** Whether the rows are made from what is the same for all of them, rather than cut out of an array that has them all. */
  isRepeated(view: View): boolean {
    const { node } = view;
    return !this.readings.has(node) && (isUniform(node) || node.operation === "broadcast");
  }

  private inLayout(node: Node, layout: RowLayout | undefined): View {
    if (!layout) return this.whole(node);
    return this.once(`rows ${node.id} along ${layout.axis}`, { of: "rows", node, layout });
  }

  private once(key: string, view: View): View {
    const known = this.known.get(key) ?? view;
    this.known.set(key, known);
    return known;
  }
}

/** The shape of a view where so many rows are at hand. */
export function shapeOfView(view: View, rows: number): Shape {
  return view.of === "rows" ? withRows(view.node.shape, view.layout, rows) : view.node.shape;
}
