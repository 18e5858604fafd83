import { type CastNode, type ConcatNode, isUniform, type Node, type ReduceNode } from "../../graph/node.js";
import { elementwise } from "../../operations/elementwise-table.js";
import { broadcastStrides, type Shape, sizeOf, stridesOf } from "../../shape.js";
import { emitMatMul } from "./emit-mat-mul.js";
import type { LoopNest, Task } from "./schedule.js";
import { elementsOf, type Storage } from "./storage.js";

/** Names in the generated source: constants known in full are arrays `k0`, `k1`, ..., scalars are `s[i]`. */
export interface Names {
  readonly storage: Storage;
  readonly constants: Map<Node, string>;
  readonly scalars: Map<Node, string>;
}

/** Source of a reference to one element; `at` is the source of its index. */
export function element(names: Names, node: Node, at: string): string {
  const origin = elementsOf(node);
  if (isUniform(origin)) return numberText(origin.value);
  if (origin.operation === "constant") return `${names.constants.get(origin)}[${at}]`;
  return names.scalars.get(origin) ?? `${names.storage.nameOf(origin)}[${at}]`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "(-Infinity)";
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? "-0" : value})` : String(value);
}

/** Source of one task. */
export function emitTask(names: Names, task: Task): string {
  return "loop" in task ? emitLoop(names, task.loop) : emitNode(names, task.node);
}

const loopVariable = (axis: number): string => ["i", "j", "k", "l", "m", "n"][axis] ?? `i${axis}`;

/** Nested loops over a shape; axes of length 1 have no loop. `body` gets the source of the index along each axis. */
function overShape(shape: Shape, body: (index: readonly string[]) => string): string {
  const index = shape.map((length, axis) => (length === 1 ? "0" : loopVariable(axis)));
  const loops = shape.map((length, axis) =>
    length === 1 ? "" : `for (let ${index[axis]} = 0; ${index[axis]} < ${length}; ${index[axis]}++) `,
  );
  return `${loops.join("")}{ ${body(index)} }`;
}

/** Source of sum_axis index[axis] strides[axis] + offset. */
function position(index: readonly string[], strides: readonly number[], offset = 0): string {
  const terms = index.flatMap((name, axis) => {
    if (name === "0" || strides[axis] === 0) return [];
    return strides[axis] === 1 ? [name] : [`${name} * ${strides[axis]}`];
  });
  if (offset > 0 || terms.length === 0) terms.push(String(offset));
  return terms.join(" + ");
}

/** A loop nest collapses to one flat loop when every array it touches has its shape or is a scalar. */
function emitLoop(names: Names, { shape, nodes }: LoopNest): string {
  const inside = new Set<Node>(nodes);
  const outside = nodes.flatMap((node) => node.inputs.filter((input) => !inside.has(input)));
  const flat = outside.every((input) => [1, sizeOf(shape)].includes(sizeOf(input.shape)));
  const loopShape = flat ? [sizeOf(shape)] : shape;
  const strides = (node: Node): number[] => {
    if (!flat) return broadcastStrides(node.shape, shape);
    return [sizeOf(node.shape) === 1 ? 0 : 1];
  };
  return overShape(loopShape, (index) =>
    nodes
      .map((node) => {
        const operands = node.inputs.map((input) =>
          inside.has(input) ? `x${input.id}` : element(names, input, position(index, strides(input))),
        );
        const value = `const x${node.id} = ${elementwise(node.operation).javascript(...operands)};`;
        if (!names.storage.isStored(node)) return value;
        return `${value} ${names.storage.nameOf(node)}[${position(index, stridesOf(loopShape))}] = x${node.id};`;
      })
      .join(" "),
  );
}

function emitNode(names: Names, node: Node): string {
  switch (node.operation) {
    case "reshape":
      return "";
    case "cast":
      return emitCast(names, node);
    case "broadcast":
      return emitCopy(names, node, broadcastStrides(node.inputs[0].shape, node.shape));
    case "transpose": {
      const own = stridesOf(node.inputs[0].shape);
      const turned = node.permutation.map((axis) => own[axis]);
      return emitCopy(names, node, turned);
    }
    case "slice": {
      const own = stridesOf(node.inputs[0].shape);
      const start = node.begin.reduce((sum, first, axis) => sum + first * own[axis], 0);
      return emitCopy(names, node, own, start);
    }
    case "concat":
      return emitConcat(names, node);
    case "reduce":
      return emitReduce(names, node);
    case "matMul":
      return emitMatMul(node, names.storage.nameOf(node), (input, at) => element(names, input, at));
    default:
      throw new Error(`internal: the javascript target has no code for "${node.operation}"`);
  }
}

function emitCast(names: Names, node: CastNode): string {
  const x = element(names, node.inputs[0], "i");
  const converted = { real: x, integer: `Math.trunc(${x})`, boolean: `${x} !== 0 ? 1 : 0` }[node.type];
  const to = names.storage.nameOf(node);
  return `for (let i = 0; i < ${sizeOf(node.shape)}; i++) ${to}[i] = ${converted};`;
}

/** Copies every element from the place in the input that the strides say. */
function emitCopy(names: Names, node: Node, strides: readonly number[], offset = 0): string {
  return overShape(node.shape, (index) => {
    const from = element(names, node.inputs[0], position(index, strides, offset));
    return `${names.storage.nameOf(node)}[${position(index, stridesOf(node.shape))}] = ${from};`;
  });
}

function emitConcat(names: Names, node: ConcatNode): string {
  const strides = stridesOf(node.shape);
  let offset = 0;
  const copies = node.inputs.map((part) => {
    const start = offset * strides[node.axis];
    offset += part.shape[node.axis];
    return overShape(part.shape, (index) => {
      const from = element(names, part, position(index, stridesOf(part.shape)));
      return `${names.storage.nameOf(node)}[${position(index, strides, start)}] = ${from};`;
    });
  });
  return copies.join(" ");
}

function emitReduce(names: Names, node: ReduceNode): string {
  const [x] = node.inputs;
  const result = names.storage.nameOf(node);
  const kept = x.shape.map((length, axis) => (node.axes.includes(axis) ? 1 : length));
  const start = { sum: "0", max: "-Infinity", min: "Infinity" }[node.kind];
  const loop = overShape(x.shape, (index) => {
    const from = element(names, x, position(index, stridesOf(x.shape)));
    const to = `${result}[${position(index, broadcastStrides(kept, x.shape))}]`;
    return node.kind === "sum" ? `${to} += ${from};` : `${to} = Math.${node.kind}(${to}, ${from});`;
  });
  return `${result}.fill(${start}); ${loop}`;
}
