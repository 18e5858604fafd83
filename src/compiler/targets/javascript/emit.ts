import type { CastNode, ConcatNode, Node, ReduceNode } from "../../graph/node.js";
import { elementwise } from "../../operations/elementwise-table.js";
import { broadcastStrides, sizeOf, stridesOf } from "../../shape.js";
import { emitCumSum, emitGather, emitScatterAdd } from "./emit-along-axis.js";
import { emitLinearSolve } from "./emit-linear-solve.js";
import { emitMatMul } from "./emit-mat-mul.js";
import type { LoopNest, Task } from "./schedule.js";
import { element, type Names, overShape, position } from "./source.js";

/** Source of one task. */
export function emitTask(names: Names, task: Task): string {
  return "loop" in task ? emitLoop(names, task.loop) : emitNode(names, task.node);
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
      const steps = node.strides.map((stride, axis) => stride * own[axis]);
      return emitCopy(names, node, steps, start);
    }
    case "gather":
      return emitGather(names, node);
    case "scatterAdd":
      return emitScatterAdd(names, node);
    case "cumSum":
      return emitCumSum(names, node);
    case "concat":
      return emitConcat(names, node);
    case "reduce":
      return emitReduce(names, node);
    case "linearSolve":
      return emitLinearSolve(names, node);
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
