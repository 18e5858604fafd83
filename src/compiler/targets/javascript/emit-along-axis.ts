import type { CumSumNode, GatherNode, Node, ScatterAddNode } from "../../graph/node.js";
import { type Shape, sizeOf } from "../../shape.js";
import { element, type Names } from "./source.js";

/** Source of a copy of elements picked by their index along an axis. */
export function emitGather(names: Names, node: GatherNode): string {
  const [x, indices] = node.inputs;
  const { outer, count, inner } = blocksAt(x.shape, node.axis, indices);
  const start = `(i * ${x.shape[node.axis]} + ${element(names, indices, "j")}) * ${inner}`;
  return (
    `for (let i = 0; i < ${outer}; i++) for (let j = 0; j < ${count}; j++) { ` +
    `const from = ${start}, to = (i * ${count} + j) * ${inner}; ` +
    `for (let k = 0; k < ${inner}; k++) ` +
    `${names.storage.nameOf(node)}[to + k] = ${element(names, x, "from + k")}; }`
  );
}

/** Source of sums of values by their index along an axis. */
export function emitScatterAdd(names: Names, node: ScatterAddNode): string {
  const [values, indices] = node.inputs;
  const { outer, count, inner } = blocksAt(node.shape, node.axis, indices);
  const result = names.storage.nameOf(node);
  const start = `(i * ${node.length} + ${element(names, indices, "j")}) * ${inner}`;
  return (
    `${result}.fill(0); for (let i = 0; i < ${outer}; i++) for (let j = 0; j < ${count}; j++) { ` +
    `const from = (i * ${count} + j) * ${inner}, to = ${start}; ` +
    `for (let k = 0; k < ${inner}; k++) ${result}[to + k] += ${element(names, values, "from + k")}; }`
  );
}

/** Source of running sums along an axis. */
export function emitCumSum(names: Names, node: CumSumNode): string {
  const { axis, exclusive, reverse, shape } = node;
  const length = shape[axis];
  const { outer, inner } = blocksAt(shape, axis);
  const result = names.storage.nameOf(node);
  const add = `sum += ${element(names, node.inputs[0], "at")};`;
  const store = `${result}[at] = sum;`;
  const j = reverse ? `(${length - 1} - j)` : "j";
  return (
    `for (let i = 0; i < ${outer}; i++) for (let k = 0; k < ${inner}; k++) { let sum = 0; ` +
    `for (let j = 0; j < ${length}; j++) { const at = (i * ${length} + ${j}) * ${inner} + k; ` +
    `${exclusive ? `${store} ${add}` : `${add} ${store}`} } }`
  );
}

/** How often an axis occurs, how many indices pick from it, and how many elements lie under each place of it. */
function blocksAt(shape: Shape, axis: number, indices?: Node) {
  return {
    outer: sizeOf(shape.slice(0, axis)),
    count: indices ? sizeOf(indices.shape) : shape[axis],
    inner: sizeOf(shape.slice(axis + 1)),
  };
}
