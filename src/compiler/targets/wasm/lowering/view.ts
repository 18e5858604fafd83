import type { Node } from "../../../graph/node.js";
import { broadcastStrides, type Shape, sizeOf, stridesOf } from "../../../shape.js";

/** Where a node's elements lie in the array of another: element i is element offset + i · strides of the source. */
export interface View {
  readonly source: Node;
  readonly offset: number;
  /** One per axis of the node. */
  readonly strides: readonly number[];
}

/** The view of every node of a program. */
export interface Views {
  /** A node that is computed has itself as source. */
  of(node: Node): View;
  /** Where a node that only rearranges another, but has an array of its own, copies its elements from. */
  copiedFrom(node: Node): View | undefined;
}

/**
 * Decides which rearrangements move no elements. Reshapes, broadcasts, slices and transposes are read in place, unless
 * a reshape cannot be had of them, or they are read more than once and against the order of memory: then they are
 * copied first.
 */
export function viewsOf(nodes: readonly Node[]): Views {
  const views = new Map<Node, View>();
  const copies = new Map<Node, View>();
  const copy = (node: Node, view: View): View => {
    copies.set(node, view);
    return wholeOf(node);
  };
  const readers = readersPerNode(nodes);
  for (const node of nodes) {
    const [input] = node.inputs;
    if (node.operation === "reshape") {
      const kept = regrouped(input.shape, views.get(input) as View, node.shape);
      if (!kept) views.set(input, copy(input, views.get(input) as View));
      views.set(node, kept ?? { ...(views.get(input) as View), strides: stridesOf(node.shape) });
      continue;
    }
    const view = rearranged(node, input && (views.get(input) as View));
    const inPlace = view && (readers(node) < 2 || isInOrder(node.shape, view));
    views.set(node, inPlace ? view : view ? copy(node, view) : wholeOf(node));
  }
  return { of: (node) => views.get(node) as View, copiedFrom: (node) => copies.get(node) };
}

/** The elements of a node's own array, in order. */
function wholeOf(node: Node): View {
  return { source: node, offset: 0, strides: stridesOf(node.shape) };
}

/** Whether a view reads, one after the other, all elements of its source. */
export function isWhole(shape: Shape, { source, offset, strides }: View): boolean {
  if (offset !== 0 || sizeOf(shape) !== sizeOf(source.shape)) return false;
  const own = stridesOf(shape);
  return shape.every((length, axis) => length === 1 || strides[axis] === own[axis]);
}

/** A node that rearranges its input, as a view; undefined for all others. */
function rearranged(node: Node, input: View): View | undefined {
  switch (node.operation) {
    case "broadcast": {
      const own = node.inputs[0].shape;
      const lead = node.shape.length - own.length;
      const repeats = broadcastStrides(own, node.shape);
      const strides = repeats.map((stride, axis) => (stride === 0 ? 0 : input.strides[axis - lead]));
      return { ...input, strides };
    }
    case "transpose":
      return { ...input, strides: node.permutation.map((axis) => input.strides[axis]) };
    case "slice": {
      const offset = node.begin.reduce((sum, first, axis) => sum + first * input.strides[axis], input.offset);
      return { ...input, offset, strides: input.strides.map((stride, axis) => stride * node.strides[axis]) };
    }
    default:
      return undefined;
  }
}

/** The view under another shape of as many elements; undefined where no strides give it. */
function regrouped(shape: Shape, view: View, target: Shape): View | undefined {
  if (sizeOf(shape) === 0) return { ...view, strides: stridesOf(target) };
  const runs = runsOf(shape, view.strides);
  const strides = new Array<number>(target.length).fill(0);
  let run = runs.length - 1;
  let taken = 1; // elements of the current run that axes behind this one have taken
  for (let axis = target.length - 1; axis >= 0; axis--) {
    if (target[axis] === 1) continue;
    if (taken === runs[run].length) {
      run--;
      taken = 1;
    }
    strides[axis] = runs[run].stride * taken;
    taken *= target[axis];
    if (runs[run].length % taken !== 0) return undefined;
  }
  return { ...view, strides };
}

/** Axes longer than 1, neighbours joined where the elements of both are equally far apart. */
function runsOf(shape: Shape, strides: readonly number[]): { length: number; stride: number }[] {
  const runs: { length: number; stride: number }[] = [];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const previous = runs[runs.length - 1];
    if (previous?.stride === length * strides[axis]) {
      previous.length *= length;
      previous.stride = strides[axis];
    } else {
      runs.push({ length, stride: strides[axis] });
    }
  });
  return runs;
}

/** Whether the last axis is read forwards without gaps, or is one element repeated. */
function isInOrder(shape: Shape, { strides }: View): boolean {
  let last = shape.length - 1;
  while (last >= 0 && shape[last] === 1) last--;
  return last < 0 || strides[last] === 0 || strides[last] === 1;
}

/** How many operations read each node element by element; matrix products read in any order as easily. */
function readersPerNode(nodes: readonly Node[]): (node: Node) => number {
  const counts = new Map<Node, number>();
  for (const node of nodes) {
    if (node.operation === "matMul") continue;
    for (const input of new Set(node.inputs)) counts.set(input, (counts.get(input) ?? 0) + 1);
  }
  return (node) => counts.get(node) ?? 0;
}
