import type { Graph } from "../graph/graph.js";
import type { Node } from "../graph/node.js";
import type { Shape } from "../shape.js";
import type { Place } from "./row-program.js";

/** Where the arrays lie that pass from stage to stage: as inputs and outputs of the graph, or in temporaries. */
export class Places {
  readonly temporaries: Shape[] = [];
  private readonly written = new Map<Node, Place[]>();
  private readonly handedIn: ReadonlyMap<Node, Place>;

  constructor({ inputs, outputs }: Graph) {
    this.handedIn = new Map(inputs.map((node, index) => [node, { kind: "input", index }]));
    Object.values(outputs).forEach((node, index) => {
      this.written.set(node, [...(this.written.get(node) ?? []), { kind: "output", index }]);
    });
  }

  /** Where a stage that computes a node puts it: each output that it is, else a temporary. */
  toWrite(node: Node): readonly Place[] {
    const known = this.written.get(node);
    if (known) return known;
    const index = this.temporaries.push(node.shape) - 1;
    const places: Place[] = [{ kind: "temporary", index }];
    this.written.set(node, places);
    return places;
  }

  /** Where a stage finds a node. */
  toRead(node: Node): Place {
    return this.handedIn.get(node) ?? this.toWrite(node)[0];
  }
}
