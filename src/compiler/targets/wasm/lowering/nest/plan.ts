import type { Graph } from "../../../../graph/graph.js";
import { isUniform, type MatMulNode, type Node, type ReduceNode } from "../../../../graph/node.js";
import { type Shape, sizeOf, stridesOf } from "../../../../shape.js";
import { isInLocal, type Place, type Storage } from "../storage.js";
import { innerLength, isReduction, iteratedShape, type Nest, squeezed } from "../task.js";
import type { View, Views } from "../view.js";
import { type Access, loopStrides } from "./access.js";

/** What a node of a nest computes with: another node of it, one number for all elements, or an array. */
export type Operand =
  | { readonly kind: "step"; readonly node: Node }
  | { readonly kind: "scalar"; readonly view: View }
  | { readonly kind: "access"; readonly access: number };

/** A product that is added to a term, or subtracted from it, without being needed by itself. */
export interface Contraction {
  readonly kind: "add" | "subtract";
  readonly factors: readonly [Operand, Operand];
  readonly term: Operand;
}

/** A reduction and the array that takes its results; one to a single number needs none. */
export interface Reduction {
  readonly node: ReduceNode;
  readonly operand: Operand;
  readonly access: number | undefined;
}

/** One nest of loops: what it walks over, and what it computes at each place. */
export interface NestPlan {
  /** Lengths of the loops, none of them 1. */
  readonly shape: Shape;
  /** Arrays, by the numbers that operands name. */
  readonly accesses: readonly Access[];
  /** Nodes computed one after the other; those that are parts of contractions left out. */
  readonly steps: readonly Node[];
  /** Values to write. */
  readonly stores: readonly { readonly value: Operand; readonly access: number }[];
  readonly reductions: readonly Reduction[];
  /** Operands of a step; of a matrix product, the factors of each term in pairs. */
  operandsOf(node: Node): readonly Operand[];
  contractionOf(node: Node): Contraction | undefined;
  /** Whether a step only copies its operand. */
  isCopy(node: Node): boolean;
}

/** Where a program's arrays lie. */
export interface Layout {
  readonly graph: Graph;
  readonly views: Views;
  readonly storage: Storage;
  /** Bytes of one number. */
  readonly bytes: number;
}

/** The plan of a nest of a program. */
export function planNest(nest: Nest, layout: Layout): NestPlan {
  return new PlanBuilder(nest.shape, layout).build(nest.nodes);
}

/** The plan of a copy of elements to the places that strides give. */
export function planCopy(
  shape: Shape,
  view: View,
  to: { readonly place: Place; readonly strides: readonly number[] },
  layout: Layout,
): NestPlan {
  const builder = new PlanBuilder(squeezed(shape), layout);
  return builder.buildCopy(shape, view, { ...to.place, strides: loopStrides(shape, shape, to.strides) });
}

class PlanBuilder {
  private readonly accesses: Access[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly operands = new Map<Node, readonly Operand[]>();
  private readonly contractions = new Map<Node, Contraction>();
  private inside: ReadonlySet<Node> = new Set();

  constructor(
    private readonly shape: Shape,
    private readonly layout: Layout,
  ) {}

  build(nodes: readonly Node[]): NestPlan {
    const { storage, views } = this.layout;
    this.inside = new Set(nodes);
    for (const node of nodes) this.operands.set(node, this.operandsOf(node));
    const contracted = this.contract(nodes);
    const computed = nodes.filter((node) => !isReduction(node));
    const stores = computed
      .filter((node) => storage.isStored(node))
      .map((node) => ({
        value: { kind: "step", node } as const,
        access: this.arrayOf(node, iteratedShape(node), stridesOf(node.shape)),
      }));
    return this.plan({
      steps: computed.filter((node) => !contracted.has(node)),
      stores,
      reductions: nodes.filter(isReduction).map((node) => this.reduction(node)),
      isCopy: (node) => views.copiedFrom(node) !== undefined,
    });
  }

  buildCopy(shape: Shape, view: View, destination: Access): NestPlan {
    const value = this.outside(shape, shape, view);
    const access = this.accesses.push(destination) - 1;
    return this.plan({ steps: [], stores: [{ value, access }], reductions: [], isCopy: () => false });
  }

  private plan(parts: Pick<NestPlan, "steps" | "stores" | "reductions" | "isCopy">): NestPlan {
    return {
      ...parts,
      shape: this.shape,
      accesses: this.accesses,
      operandsOf: (node) => this.operands.get(node) as readonly Operand[],
      contractionOf: (node) => this.contractions.get(node),
    };
  }

  private operandsOf(node: Node): readonly Operand[] {
    const { views } = this.layout;
    const copied = views.copiedFrom(node);
    if (copied) return [this.outside(node.shape, node.shape, copied)];
    if (node.operation === "matMul") return this.factorsOf(node);
    return node.inputs.map((input) => {
      const view = views.of(input);
      if (this.inside.has(view.source)) return { kind: "step", node: view.source };
      return this.outside(iteratedShape(node), input.shape, view);
    });
  }

  /** The factors of each term of a matrix product: A is repeated along the columns, B along the rows. */
  private factorsOf(node: MatMulNode): Operand[] {
    const [a, b] = node.inputs;
    const { transposeA, transposeB } = node;
    const left = this.factor(a, transposeA ? -1 : -2, transposeA ? -2 : -1, -2);
    const right = this.factor(b, transposeB ? -2 : -1, transposeB ? -1 : -2, -1);
    return Array.from({ length: innerLength(node) }, (_, k) => [
      this.outside(node.shape, left.shape, left.at(k)),
      this.outside(node.shape, right.shape, right.at(k)),
    ]).flat();
  }

  /** A matrix with one axis kept, moved to `place`, the other axis fixed; axes are counted from the end. */
  private factor(node: Node, kept: number, fixed: number, place: number) {
    const view = this.layout.views.of(node);
    const rank = node.shape.length;
    const shape = [...node.shape.slice(0, -2), 1, 1];
    const strides = [...view.strides.slice(0, -2), 0, 0];
    shape[rank + place] = node.shape[rank + kept];
    strides[rank + place] = view.strides[rank + kept];
    const step = view.strides[rank + fixed];
    return { shape, at: (k: number): View => ({ ...view, strides, offset: view.offset + k * step }) };
  }

  /** Something that other tasks have computed, or the caller brings. */
  private outside(iterated: Shape, shape: Shape, view: View): Operand {
    const { graph } = this.layout;
    const isNumber = isUniform(view.source) || isInLocal(view.source, graph) || sizeOf(shape) === 1;
    if (isNumber) return { kind: "scalar", view };
    const access = this.arrayOf(view.source, iterated, view.strides, shape, view.offset);
    return { kind: "access", access };
  }

  /** The number of an array's access, shared by all who read it alike. */
  private arrayOf(
    source: Node,
    iterated: Shape,
    strides: readonly number[],
    shape: Shape = iterated,
    offset = 0,
  ): number {
    const place = this.layout.storage.placeOf(source);
    const bytes = place.offset + offset * this.layout.bytes;
    const along = loopStrides(iterated, shape, strides);
    const key = `${place.base}|${bytes}|${along}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.accesses.push({ base: place.base, offset: bytes, strides: along }) - 1;
    this.numbers.set(key, number);
    return number;
  }

  private reduction(node: ReduceNode): Reduction {
    const [operand] = this.operands.get(node) as readonly Operand[];
    if (sizeOf(node.shape) === 1) return { node, operand, access: undefined };
    const iterated = node.inputs[0].shape;
    const kept = iterated.map((length, axis) => (node.axes.includes(axis) ? 1 : length));
    return { node, operand, access: this.arrayOf(node, iterated, stridesOf(kept), kept) };
  }

  /** Finds sums of a product that nothing else needs; returns the products. */
  private contract(nodes: readonly Node[]): Set<Node> {
    const uses = new Map<Node, number>();
    for (const operand of [...this.operands.values()].flat()) {
      if (operand.kind === "step") uses.set(operand.node, (uses.get(operand.node) ?? 0) + 1);
    }
    const isProduct = (operand: Operand): operand is Extract<Operand, { kind: "step" }> =>
      operand.kind === "step" &&
      operand.node.operation === "mul" &&
      uses.get(operand.node) === 1 &&
      !this.layout.storage.isStored(operand.node);
    const contracted = new Set<Node>();
    for (const node of nodes) {
      if (node.operation !== "add" && node.operation !== "sub") continue;
      const [a, b] = this.operands.get(node) as readonly Operand[];
      const product = isProduct(b) ? b : node.operation === "add" && isProduct(a) ? a : undefined;
      if (!product) continue;
      contracted.add(product.node);
      this.contractions.set(node, {
        kind: node.operation === "add" ? "add" : "subtract",
        factors: this.operands.get(product.node) as readonly Operand[] as [Operand, Operand],
        term: product === b ? a : b,
      });
    }
    return contracted;
  }
}
