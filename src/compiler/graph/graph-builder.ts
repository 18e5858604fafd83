import { type Shape, shapeText, sizeOf } from "../shape.js";
import type { ConstantNode, ElementType, InputNode, Node } from "./node.js";

/** A node without the number that the builder gives it. */
export type Unnumbered<N extends Node = Node> = N extends Node ? Omit<N, "id"> : never;

/**
 * Makes nodes and shares equal ones (hash-consing), so that a graph holds each computation once.
 *
 * Operations are functions that take a builder and nodes (`operations/`); they simplify before they ask for a node.
 * A builder only ever grows: graphs made from it never change.
 */
export class GraphBuilder {
  private count = 0;
  private readonly known = new Map<string, Node>();
  private readonly inputsByName = new Map<string, InputNode>();

  /**
   * The run-time input of this name, made at the first call.
   *
   * @throws RangeError when the name stands for an input of another shape.
   */
  input(name: string, shape: Shape, type: ElementType = "real"): InputNode {
    const existing = this.inputsByName.get(name);
    if (!existing) {
      const node: InputNode = { id: this.count++, operation: "input", name, shape, type, inputs: [] };
      this.inputsByName.set(name, node);
      return node;
    }
    if (shapeText(existing.shape) !== shapeText(shape) || existing.type !== type) {
      throw new RangeError(
        `the graph's input "${name}" has shape ${shapeText(existing.shape)}, asked for again as ${shapeText(shape)}`,
      );
    }
    return existing;
  }

  /** A constant; `value` is one number for every element, or all elements row by row. */
  constant(value: number | ArrayLike<number>, shape: Shape = [], type: ElementType = "real"): ConstantNode {
    const uniform = typeof value === "number" ? value : commonValue(value);
    if (uniform !== undefined) {
      const text = Object.is(uniform, -0) ? "-0" : String(uniform);
      const key = `constant|${text}|${shape}|${type}`;
      const known = this.known.get(key) as ConstantNode | undefined;
      return known ?? this.remember(key, { operation: "constant", value: uniform, shape, type, inputs: [] });
    }
    const data = Float64Array.from(value as ArrayLike<number>);
    if (data.length !== sizeOf(shape)) {
      throw new RangeError(
        `a constant of shape ${shapeText(shape)} needs ${sizeOf(shape)} numbers, got ${data.length}`,
      );
    }
    return { id: this.count++, operation: "constant", value: data, shape, type, inputs: [] };
  }

  /** The node that computes this, shared with an earlier equal one. */
  make<N extends Node>(node: Unnumbered<N>): N {
    const { inputs, ...attributes } = node as Unnumbered;
    const key = `${inputs.map((input) => input.id)}|${JSON.stringify(attributes)}`;
    return (this.known.get(key) as N | undefined) ?? this.remember<N>(key, node);
  }

  /** A node that is shared with no other, however equal. */
  unique<N extends Node>(node: Unnumbered<N>): N {
    return { id: this.count++, ...node } as unknown as N;
  }

  /** A node of no value that stands for one: it is replaced by another before the graph is finished. */
  placeholder(shape: Shape): InputNode {
    return this.unique<InputNode>({
      operation: "input",
      name: `placeholder ${this.count}`,
      shape,
      type: "real",
      inputs: [],
    });
  }

  private remember<N extends Node>(key: string, node: Unnumbered<N>): N {
    const numbered = this.unique<N>(node);
    this.known.set(key, numbered);
    return numbered;
  }
}

function commonValue(values: ArrayLike<number>): number | undefined {
  if (values.length === 0) return undefined;
  for (let i = 1; i < values.length; i++) {
    if (!Object.is(values[i], values[0])) return undefined;
  }
  return values[0];
}
